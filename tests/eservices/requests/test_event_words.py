"""Amounts and days of events, as pages write them."""

import pytest
from django.utils.translation import override

from eservices.requests.event_words import as_written


@pytest.mark.parametrize(
    ("language", "amount"),
    [("fr", "\u20661\u00a0160,61\u2069\u00a0DH"), ("ar", "\u20661.160,61\u2069 درهم")],
)
def test_amounts_and_days_are_in_the_current_language(language: str, amount: str) -> None:
    """And what is no amount or day stays as it was."""
    told = {"amount": "1160.61", "due_on": "2026-11-05", "number": 2, "bill": "1160.61"}
    with override(language):
        found = as_written(told)
    assert found == {**told, "amount": amount, "due_on": found["due_on"]}
    assert found["due_on"] != "2026-11-05"
    assert as_written({"amount": "–", "total": 3}) == {"amount": "–", "total": 3}
