"""Error rates of a reading, and the lines that people corrected."""
