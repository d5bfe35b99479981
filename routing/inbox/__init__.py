"""What a department has on its desk, and what it does with it."""
