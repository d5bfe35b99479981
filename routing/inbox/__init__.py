"""The inbox of a department, and what it does with its letters."""
