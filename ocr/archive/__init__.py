"""Searchable PDF/A of scanned documents, made at low priority from the existing reading."""
