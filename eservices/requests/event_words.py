"""Amounts and days in the words of a request's events, written as pages write them."""

from collections.abc import Mapping
from typing import Any, Final

from eservices.money_words import written_amount
from org.written_days import written_day

_AMOUNTS: Final = ("amount", "total")
_DAYS: Final = ("due_on",)


def as_written(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event's data with its amounts of money and its days in the current language."""
    amounts = {
        name: written_amount(data[name]) for name in _AMOUNTS if isinstance(data.get(name), str)
    }
    days = {name: written_day(data[name]) for name in _DAYS if isinstance(data.get(name), str)}
    return {**data, **amounts, **days}
