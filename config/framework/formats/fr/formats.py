"""Dates and times in French."""

DATETIME_FORMAT = "j F Y à H:i"
