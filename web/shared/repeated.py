"""What the rows of lists repeat: days as they are written, addresses of letters; made once each."""

from datetime import date
from functools import cache, lru_cache
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from org.written_days import date_format
from web.hijri import hijri_words

_NOBODY: Final = UUID(int=0)


def hijri_day(day: date) -> str:
    """Return a day by the Hijri calendar, in the current language."""
    return _hijri(get_language(), day)


@lru_cache(maxsize=4_096)
def _hijri(_language: str, day: date) -> str:
    return hijri_words(day)


def written_day(day: date, form: str) -> str:
    """Return a day by a format without a time, in the current language."""
    return _day(get_language(), day, form)


@lru_cache(maxsize=8_192)
def _day(_language: str, day: date, form: str) -> str:
    return date_format(day, form)


def letter_address(letter_id: UUID) -> str:
    """Return the address of a letter's page."""
    return _letter_page().replace(str(_NOBODY), str(letter_id))


@cache
def _letter_page() -> str:
    return reverse("desk:letter", args=[_NOBODY])
