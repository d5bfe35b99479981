"""Amounts and days in the words of a request's events, written as pages write them."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from eservices.money import AmountError, centimes
from eservices.money_words import dirhams
from org.written_days import date_format

_AMOUNTS: Final = ("amount", "total")
_DAYS: Final = ("due_on",)


def as_written(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event's data with its amounts of money and its days in the current language."""
    amounts = {name: _amount(data[name]) for name in _AMOUNTS if isinstance(data.get(name), str)}
    days = {name: _day(data[name]) for name in _DAYS if isinstance(data.get(name), str)}
    return {**data, **amounts, **days}


def _amount(text: str) -> str:
    try:
        return dirhams(centimes(text))
    except AmountError:
        return text


def _day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    except ValueError:
        return text
