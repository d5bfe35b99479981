"""How wrong a reading is, and the lines that people corrected."""
