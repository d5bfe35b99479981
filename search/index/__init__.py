"""Letters as documents in the index: analysed, updated, rebuilt, repaired."""
