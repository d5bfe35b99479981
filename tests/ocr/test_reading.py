"""A reading survives its way through JSON, and names its language by most of its text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.reading import PageReading, Reading, Word, describe

SHARES = st.floats(0, 1).map(lambda value: round(value, 4))
WORDS = st.builds(
    Word, st.text(min_size=1), st.tuples(SHARES, SHARES, SHARES, SHARES), confidence=SHARES
)
PAGES = st.builds(
    PageReading,
    number=st.integers(1, 9999),
    source=st.sampled_from(["text", "ocr", "none"]),
    language=st.sampled_from(["ar", "fr", "en", ""]),
    confidence=SHARES,
    text=st.text(),
    words=st.lists(WORDS, max_size=4).map(tuple),
    seconds=SHARES,
    problem=st.sampled_from(["", "damaged"]),
    turn=st.sampled_from([0, 90, 180, 270]),
)


@given(PAGES)
def test_a_page_comes_back_from_json_unchanged(page: PageReading) -> None:
    assert PageReading.from_dict(json.loads(json.dumps(page.to_dict()))) == page


@given(st.lists(PAGES, max_size=4))
def test_a_reading_comes_back_from_json_unchanged(pages: list[PageReading]) -> None:
    reading = Reading.of_pages(pages, engine="tesseract/best_int")
    assert Reading.from_dict(json.loads(json.dumps(reading.to_dict()))) == reading


def test_the_language_is_that_of_most_of_the_text_not_of_most_pages() -> None:
    pages = [
        PageReading(1, "ocr", "fr", text="court"),
        PageReading(2, "ocr", "fr", text="bref"),
        PageReading(3, "ocr", "ar", text="نص طويل " * 10),
    ]
    assert Reading.of_pages(pages, engine="x").language == "ar"


@pytest.mark.parametrize(
    "data", [{}, {"number": 1}, {"number": 1, "source": "ocr", "words": [[1]]}]
)
def test_what_is_no_page_is_refused(data: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        PageReading.from_dict(data)


def test_the_short_form_has_exactly_the_promised_fields() -> None:
    page = PageReading(1, "text", "fr", 1.0, "Bonjour", (Word("Bonjour", (0, 0, 1, 1)),), 0.01)
    fields = {"number", "source", "language", "confidence", "text", "seconds"}
    assert set(describe(page)) == fields
    assert describe(PageReading(2, "none", problem="timeout"))["problem"] == "timeout"
