"""Training on what the office's people decided, and the choice of the model that answers."""
