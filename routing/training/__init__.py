"""Training on the decisions of the office's people, and the choice of the model in use."""
