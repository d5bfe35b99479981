"""Letters as documents in the index: analysed, kept, rebuilt, repaired."""
