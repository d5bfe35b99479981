"""The text read from documents, and people's corrections of it."""
