"""Searchable PDF/A of what was scanned, made in spare time from the same reading."""
