"""Amounts and measures of an answer, as people of each language write them."""

from typing import Any

import pytest
from django.utils.translation import override

from eservices.catalogue.definition import Field, Text
from eservices.requests.paper import answer_lines
from language.bidi import strip_bidi_controls


@pytest.mark.parametrize(
    ("kind", "value", "language", "words"),
    [
        ("number", 12.5, "fr", "12,5"),
        ("number", 12.5, "ar", "12,5"),
        ("number", 12.5, "en", "12.5"),
        ("number", 3, "fr", "3"),
        ("number", 0.0000001, "fr", "0,0000001"),
        ("money", "468.60", "fr", "468,60 DH"),
        ("money", "468.60", "ar", "468,60 درهم"),
        ("money", "1284.40", "en", "1,284.40 DH"),
    ],
)
def test_numbers_are_written_as_the_language_does(
    kind: str, value: Any, language: str, words: str
) -> None:
    with override(language):
        (line,) = answer_lines(Field("x", kind, Text(fr="X")), value, language)
    assert strip_bidi_controls(line).replace("\u00a0", " ") == words
