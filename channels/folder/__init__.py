"""A watched folder: a file that has stopped changing becomes a letter."""
