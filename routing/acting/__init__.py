"""Who may act on a letter, why not, and how an act is recorded."""
