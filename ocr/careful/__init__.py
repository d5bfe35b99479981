"""The careful reading: weak or missed parts of the quick one, read again by all other readers."""
