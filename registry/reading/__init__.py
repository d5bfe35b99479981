"""What was read of documents, and what people corrected."""
