"""Colons and commas are written as the language has them; no template writes its own."""

import re
from pathlib import Path
from typing import Final

import pytest
from django.template import engines
from django.utils.translation import override

from org.signs import colon, listed
from tools.translations import sources

# What stands between blocktranslate and its end is a text of the catalogues; a style is no text.
_ELSEWHERE: Final = re.compile(
    r"\{% blocktranslate.*?\{% endblocktranslate %\}|<style.*?</style>", re.DOTALL
)
_OWN: Final = re.compile(r"(?:\}\}|%\})(?:</\w+>)? ?:(?=\s|$|<)", re.MULTILINE)
# A comma that joins two words of the page; coordinates have one in every language.
_OWN_COMMA: Final = re.compile(r"(?:\}\}|%\}),\s?(?=\{)")
_PLACE: Final = re.compile(r"latitude[^}]*\}\},")
# Papers that say everything in Arabic and French beside each other.
BOTH: Final = "registry/templates"


@pytest.mark.parametrize(("language", "sign"), [("fr", "\u00a0:"), ("ar", ":"), ("en", ":")])
def test_french_sets_a_space_on_which_no_line_breaks(language: str, sign: str) -> None:
    page = engines["django"].from_string("{{ name }}{% colon %} {{ value }}")
    with override(language):
        assert colon() == sign
        assert page.render({"name": "Nom", "value": "Alami"}) == f"Nom{sign} Alami"


def templates() -> list[Path]:
    found = [*sources(".html"), *sources(".txt")]
    return [one for one in found if "templates" in one.parts and BOTH not in one.as_posix()]


def test_no_template_sets_a_colon_of_its_own_after_a_word() -> None:
    files = templates()
    assert len(files) > 300
    own = {
        file.name: found
        for file in files
        if (found := _OWN.findall(_ELSEWHERE.sub("", file.read_text("utf-8"))))
    }
    assert own == {}, "write {% colon %}"


@pytest.mark.parametrize(("language", "sign"), [("fr", ", "), ("ar", "، "), ("en", ", ")])
def test_arabic_has_a_comma_of_its_own(language: str, sign: str) -> None:
    page = engines["django"].from_string("{{ one }}{% comma %}{{ other }}")
    with override(language):
        assert page.render({"one": "a", "other": "b"}) == f"a{sign}b"
        assert listed(["a", 2]) == f"a{sign}2"


def test_no_template_sets_a_comma_of_its_own_between_words() -> None:
    own = {
        file.name: found
        for file in templates()
        if (
            found := _OWN_COMMA.findall(_ELSEWHERE.sub("", _PLACE.sub("", file.read_text("utf-8"))))
        )
    }
    assert own == {}, "write {% comma %}"
