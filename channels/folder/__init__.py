"""A watched folder: a file that stands still becomes a letter."""
