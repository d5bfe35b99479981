"""The understanding of one letter: all its facts together, and how right they are."""
