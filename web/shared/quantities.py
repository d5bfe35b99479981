"""Whole numbers as a page writes them, with their thousands apart."""

from typing import Any, Final

from django.utils.formats import get_format
from django.utils.numberformat import format as format_number

_GROUPED: Final = 4  # digits of the smallest number with its thousands apart


def quantity(value: Any) -> str:
    """Return a whole number with its thousands apart, as the page's language does.

    Other values stay as they are: years and numbers of letters are no quantities.
    """
    text = str(value)
    if len(text) < _GROUPED or not text.isascii() or not text.isdecimal():
        return text
    return format_number(
        text,
        get_format("DECIMAL_SEPARATOR"),
        grouping=3,
        thousand_sep=get_format("THOUSAND_SEPARATOR"),
        force_grouping=True,
    )
