"""What a letter says: facts read from its text, each with its place, score and reason."""
