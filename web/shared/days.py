"""Days as addresses and forms name them."""

from datetime import date
from typing import Final

from django import forms

from language.numerals import ascii_digits
from org.days import TYPED_YEARS

_DAY: Final = forms.DateField(required=False)


def day_of(text: str) -> date | None:
    """Return a day as a form's field takes it, in digits of any script; None for anything else.

    In ISO format, as the browsers' calendars give it, or typed with the day first; a year out of
    any office's range is no day.
    """
    try:
        day: date | None = _DAY.clean(ascii_digits(text).strip())
    except forms.ValidationError:
        return None
    return day if day and day.year in TYPED_YEARS else None
