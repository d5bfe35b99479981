"""Ground floor: what is known about Arabic, French and English words, with no Django."""
