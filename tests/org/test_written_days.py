"""Days in words: French has "1er décembre", and every page and message writes it so."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.utils.translation import override

from org.written_days import date_format

FIRST = datetime(2026, 12, 1, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("j F Y", "1er décembre 2026"),
        ("l j F", "mardi 1er décembre"),
        ("j N Y · H:i", "1er déc. 2026 · 11:05"),
        ("DATE_FORMAT", "1er décembre 2026"),
        ("DATETIME_FORMAT", "1er décembre 2026 à 11:05"),
        ("SHORT_DATE_FORMAT", "01/12/2026"),
        ("j/m/Y", "1/12/2026"),
        ("F Y", "décembre 2026"),
    ],
)
def test_the_first_of_a_month_is_written_as_the_french_do(form: str, words: str) -> None:
    with override("fr"):
        assert date_format(FIRST, form) == words


@pytest.mark.parametrize(
    ("language", "day", "words"),
    [
        ("fr", 2, "2 décembre 2026"),
        ("fr", 11, "11 décembre 2026"),
        ("fr", 21, "21 décembre 2026"),
        ("ar", 1, "1 دجنبر 2026"),
        ("en", 1, "1 December 2026"),
    ],
)
def test_other_days_and_languages_stay(language: str, day: int, words: str) -> None:
    with override(language):
        assert date_format(date(2026, 12, day), "j F Y") == words


def test_templates_write_days_so_too() -> None:
    page = engines["django"].from_string(
        '{% load sijill %}{{ it|date:"j F Y" }}|{{ it|day:"j F" }}|{{ none|date:"j F" }}'
    )
    with override("fr"):
        assert page.render({"it": FIRST, "none": None}) == "1er décembre 2026|1er décembre|"
