"""Jobs: the outbox in the database, its runner, and how workers are notified."""
