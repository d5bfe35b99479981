"""Reading: a file in, a Reading out. Front doors: `services` (for jobs), `pipeline` (one file)."""
