"""`manage doctor` tells a person at a terminal what to do there, in the office's language."""

import json
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def told(*line: str) -> str:
    out = StringIO()
    with suppress(SystemExit):
        call_command("doctor", *line, stdout=out)
    return out.getvalue()


def test_commands_are_told_in_place_of_buttons() -> None:
    said = told("--language", "en")
    assert "The register was never verified.\n      → manage verify_register\n" in said
    assert "Press" not in said


def test_what_is_done_on_a_page_is_told_with_the_pages_address(settings: Any) -> None:
    settings.STAFF_URL = "https://bureau.example.ma"
    said = told("--language", "en")
    assert "Complete it on its page.\n        https://bureau.example.ma/administration/" in said


def test_programs_are_told_both() -> None:
    rows = json.loads(told("--json", "--language", "en"))
    row = next(row for row in rows if row["name"] == "Verification")
    assert row["todo"] == "Press “Verify now” below."
    assert row["command"] == "manage verify_register"


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Vérification"), ("ar", "التحقق"), ("en", "Verification")]
)
def test_it_speaks_the_offices_language(settings: Any, language: str, words: str) -> None:
    settings.LANGUAGE_CODE = language
    assert words in told()
