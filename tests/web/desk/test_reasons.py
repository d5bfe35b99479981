"""Why the office proposes something, in words."""

import pytest
from django.utils import translation

from language.bidi import strip_bidi_controls
from web.desk.reasons import sentences


@pytest.mark.parametrize(
    ("language", "days", "words"),
    [
        ("fr", 1, "Demande une réponse sous 1 jour."),
        ("fr", 8, "Demande une réponse sous 8 jours."),
        ("ar", 2, "تطلب جوابا داخل أجل يومين."),
        ("ar", 8, "تطلب جوابا داخل أجل 8 أيام."),
        ("ar", 15, "تطلب جوابا داخل أجل 15 يوما."),
    ],
)
def test_the_days_that_a_letter_gives_are_counted_as_the_language_counts(
    language: str, days: int, words: str
) -> None:
    with translation.override(language):
        (told,) = sentences([f"deadline:{days}"], kinds={})
    assert strip_bidi_controls(told) == words


@pytest.mark.parametrize("what", ["", "P15D", "-3"])
def test_a_term_that_is_no_number_of_days_is_told_all_the_same(what: str) -> None:
    with translation.override("fr"):
        assert sentences([f"deadline:{what}"], kinds={}) == [
            "Demande une réponse dans un délai fixé."
        ]
