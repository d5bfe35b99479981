"""The organisation's directory: people it adds, changes and removes, and their departments."""
