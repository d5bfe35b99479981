"""Findings about a reading in words: numbers of days have the forms of their language."""

import pytest
from django.utils.translation import override

from eservices.readings.words import finding

USUAL = {"code": "no_history", "use": 14}


@pytest.mark.parametrize(
    ("language", "days", "words"),
    [
        ("fr", 1, "14 consommés en 1 jour ;"),
        ("fr", 30, "14 consommés en 30 jours ;"),
        ("ar", 1, "استُهلك 14 في يوم واحد؛"),
        ("ar", 2, "استُهلك 14 في يومين؛"),
        ("ar", 5, "استُهلك 14 في 5 أيام؛"),
        ("ar", 30, "استُهلك 14 في 30 يوما؛"),
        ("en", 1, "14 used in 1 day;"),
    ],
)
def test_days_are_counted_as_the_language_does(language: str, days: int, words: str) -> None:
    with override(language):
        found = finding({**USUAL, "days": days})
    assert found.replace("\u00a0", " ").startswith(words)
