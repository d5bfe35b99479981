"""Events of security tell in words what they are about, in files in codes."""

import pytest
from django.utils.translation import override

from identity.models import SecurityEvent
from web.signin.security_words import coded, detail_words

STOOD_IN = {"change": "stands_in", "for": "badr", "from": "2026-12-21", "to": "2026-12-26"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            "changement : assure l’intérim · de : badr · du : 21/12/2026 · au : 26/12/2026",
        ),
        ("ar", "التغيير: بداية نيابة · عن: badr · من: 21/12/2026 · إلى: 26/12/2026"),
    ],
)
def test_a_stand_in_is_told_in_words(language: str, words: str) -> None:
    with override(language):
        assert detail_words(SecurityEvent(detail=STOOD_IN)).replace("\u00a0", " ") == words


def test_several_rights_and_a_way_are_told_in_words() -> None:
    with override("fr"):
        found = detail_words(SecurityEvent(detail={"change": "clearance, duty", "way": "command"}))
    assert found.replace("\u00a0", " ") == (
        "par une commande du serveur · changement : habilitation, fonction"
    )


def test_what_is_not_known_is_shown_as_it_is() -> None:
    with override("en"):
        assert detail_words(SecurityEvent(detail={"unheard": "of"})) == "unheard: of"


def test_files_keep_the_codes() -> None:
    assert coded(SecurityEvent(detail=STOOD_IN)) == (
        "change: stands_in · for: badr · from: 2026-12-21 · to: 2026-12-26"
    )
