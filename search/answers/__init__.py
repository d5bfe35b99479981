"""What stands around the letters found: excerpts, marks, spellings, suggestions."""
