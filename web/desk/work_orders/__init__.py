"""Work orders, field teams and alarms for danger, as pages."""
