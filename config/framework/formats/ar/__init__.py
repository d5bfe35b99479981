"""Dates and times in Arabic."""
