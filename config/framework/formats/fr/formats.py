"""Dates and times in French."""

from config.framework.formats.typed import DAYS

DATETIME_FORMAT = "j F Y à H:i"
DATE_INPUT_FORMATS = DAYS
