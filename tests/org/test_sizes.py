"""Sizes of files read rightly in the three languages, on pages and in their scripts."""

from pathlib import Path

import pytest
from django.utils.translation import override

from org.sizes import PLURALS, file_size, size_words

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("ar", 0, "0 بايت"),
        ("ar", 1, "بايت واحد"),
        ("ar", 2, "بايتان"),
        ("ar", 5, "5 بايتات"),
        ("ar", 11, "11 بايتا"),
        ("ar", 100, "100 بايت"),
        ("ar", 103, "103 بايتات"),
        ("ar", 1_572_864, "1,5 ميغابايت"),
        ("fr", 0, "0 octet"),
        ("fr", 1, "1 octet"),
        ("fr", 512, "512 octets"),
        ("fr", 1024, "1 ko"),
        ("fr", 1_572_864, "1,5 Mo"),
        ("fr", 5 * 1024**3, "5 Go"),
        ("en", 1, "1 byte"),
        ("en", 1023, "1023 bytes"),
        ("en", 1_048_575, "1 MB"),  # not 1024 KB
        ("en", 1_048_576, "1 MB"),
        ("en", 3 * 1024**5, "3072 TB"),
        ("en", -4, "0 bytes"),
    ],
)
def test_a_size_is_in_the_words_of_its_language(language: str, count: int, words: str) -> None:
    with override(language):
        assert file_size(count) == words.replace(" ", "\u00a0")


@pytest.mark.parametrize("nothing", [None, ""])
def test_of_no_size_nothing_is_said(nothing: str | None) -> None:
    assert file_size(nothing) == ""


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_script_is_given_the_same_words(language: str) -> None:
    with override(language):
        told = size_words()
        for name, count in PLURALS.items():
            assert told["bytes"][name].replace("%(count)d", str(count)) == file_size(count)
        for power, unit in enumerate(told["units"], start=1):
            assert unit.replace("%(count)d", "7") == file_size(7 * 1024**power)


def test_no_template_writes_sizes_in_other_words() -> None:
    pages = [*ROOT.glob("*/templates/**/*.html"), *ROOT.glob("*/templates/**/*.txt")]
    assert len(pages) > 100
    assert [page.name for page in pages if "filesizeformat" in page.read_text()] == []
