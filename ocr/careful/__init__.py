"""The careful reading: weak or missed parts of the quick one, read again by all readers at hand."""
