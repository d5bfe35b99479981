"""Figures, lists of work, and files of them."""
