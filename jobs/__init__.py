"""What must still happen: the outbox in the database, its runner and its carriers."""
