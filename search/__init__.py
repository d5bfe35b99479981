"""Find letters: one contract, two engines; the database has the last word on who sees what."""
