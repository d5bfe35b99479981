"""One letter understood: all its facts together, and how right they are."""
