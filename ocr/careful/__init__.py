"""The careful reading: what the quick one left weak or out, read again by every means."""
