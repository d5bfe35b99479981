"""Pages for the people of the office."""
