"""Additions to the letters found: excerpts, marks, spellings, fewer words."""
