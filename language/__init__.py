"""Lowest layer: knowledge of Arabic, French and English words, without Django."""
