"""Letter search: one contract, two engines; the database decides finally who sees what."""
