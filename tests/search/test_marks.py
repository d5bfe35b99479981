"""Marks on a page: the same words as the search finds, in text and in boxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.answers.marks import Marker
from search.answers.matching import Matcher
from search.query.parsing import parse


def marked(query: str, text: str) -> list[str]:
    return [text[start:end] for start, end in Marker(query).spans(text)]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("reclamation", "Vos RÉCLAMATIONS, une réclamation", ["RÉCLAMATIONS", "réclamation"]),
        ("شكاية", "توصلنا بالشكاية الأولى", ["بالشكاية"]),
        ('"mise en demeure"', "la mise en demeure", ["mise", "en", "demeure"]),
        ('"الماء الصالح"', "للماء الصالح", ["للماء", "الصالح"]),
        ("مستش*", "المستشفى وبمستشفيات", ["المستشفى", "وبمستشفيات"]),
        ("compt*", "le compteur et la comptabilité", ["compteur", "comptabilité"]),
        ("٢٠٢٦", "en 2026", ["2026"]),
        ("fuite -eau", "fuite d'eau", ["fuite"]),
        ("-eau", "fuite d'eau", []),
        ("", "fuite", []),
    ],
)
def test_marks_meet_the_words_that_the_search_finds(
    query: str, text: str, expected: list[str]
) -> None:
    assert marked(query, text) == expected


def test_boxes_are_marked_by_the_same_rule() -> None:
    words = ["La", "fuite,", "d'eau", "—", "FUITES"]
    assert list(Marker("fuite").places(words)) == [1, 4]
    assert list(Marker("0661478219").places(["Tél.", "06", "61", "47-82", "19,", "12"])) == [
        1,
        2,
        3,
        4,
    ]


@given(st.text(max_size=80), st.text(max_size=300))
def test_any_query_and_any_text_are_safe_and_spans_stand_apart(query: str, text: str) -> None:
    end = 0
    for start, stop in Marker(query).spans(text):
        assert end <= start < stop <= len(text)
        end = stop


def test_where_no_text_has_the_word_only_typos_are_looked_for_and_are_the_same() -> None:
    text = "La dernande de raccordement, وقد طلبنا الربط"
    for typed, marked in (("raccordemant", "raccordement"), ("demande", "dernande"), ("ربت", "")):
        parsed = parse(typed)
        marks = Matcher(parsed, misspelt_only=True).marks(text)
        assert marks == Matcher(parsed).marks(text)
        assert [token.text for token, _ in marks] == [marked] * bool(marked)
