"""Dates and times that are written by the name of a format, in each language."""

from datetime import UTC, date, datetime

import pytest
from django.forms import DateField, DateInput
from django.utils.formats import date_format
from django.utils.translation import override


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_short_dates_have_the_day_first(language: str) -> None:
    with override(language):
        assert date_format(date(2026, 11, 5), "SHORT_DATE_FORMAT") == "05/11/2026"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "5 نونبر 2026، 14:05"),
        ("fr", "5 novembre 2026 à 14:05"),
        ("en", "5 November 2026, 14:05"),
    ],
)
def test_moments_are_punctuated_as_the_language_does(language: str, words: str) -> None:
    with override(language):
        assert date_format(datetime(2026, 11, 5, 14, 5, tzinfo=UTC), "DATETIME_FORMAT") == words


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize(
    "typed", ["05/11/2026", "5-11-2026", "05.11.2026", "5 11 2026", "05/11/26"]
)
def test_typed_days_have_the_day_first(language: str, typed: str) -> None:
    """Browsers without a calendar of their own let people type."""
    with override(language):
        assert DateField().clean(typed) == date(2026, 11, 5)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_day_is_written_into_a_control_as_a_calendar_takes_it(language: str) -> None:
    with override(language):
        shown = DateInput(attrs={"type": "date"}).render("day", date(2026, 11, 5))
    assert 'value="2026-11-05"' in shown
