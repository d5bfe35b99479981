"""Days as people write them: as Django's formats do, and the first of a month as French has it."""

import re
from datetime import date
from typing import Final

from django.utils import formats
from django.utils.translation import get_language

# The day of the month, before the month in words.
_DAY_IN_WORDS: Final = re.compile(r"(?<!\\)j(?= [bEFMN])")


def day_in_words(day: int) -> str:
    """Return the day of a month as it stands before the month in words: 1 is "1er" in French."""
    return "1er" if day == 1 and (get_language() or "").startswith("fr") else str(day)


def date_format(value: date, form: str = "DATE_FORMAT") -> str:
    """Return a day or a moment in the active language; `form` is as Django's date_format has it.

    The first of a month in words is "1er décembre" in French.
    """
    if value.day == 1 and (get_language() or "").startswith("fr"):
        form = _DAY_IN_WORDS.sub(r"j\\e\\r", str(formats.get_format(form)))
    return formats.date_format(value, form)  # noqa: TID251 - here


def written_day(text: str, form: str = "SHORT_DATE_FORMAT") -> str:
    """Return an ISO day as people write it; any other text as it is."""
    try:
        return date_format(date.fromisoformat(text), form)
    except ValueError:
        return text
