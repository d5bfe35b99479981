"""Routing: which department a letter goes to and by when it must be answered."""
