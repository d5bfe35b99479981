"""Regular expressions of the office, tried on what strangers type."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from language.whole_patterns import BadPatternError, check_pattern, is_whole

ATOMS = [
    *("a", "b", " ", "-", "1", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", "[ab]", "[^a]"),
    *("[a-c1-3]", r"[^\d-]", "^", "$", r"\b", r"\B", "(?=a)", "(?!b)", "(?=.*1)", "(?i:B)", r"\Z"),
]
PARTS = st.recursive(
    st.sampled_from(ATOMS),
    lambda part: st.one_of(
        st.lists(part, min_size=1, max_size=3).map("".join),
        st.tuples(part, part).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(part, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}", "+?"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        ),
    ),
    max_leaves=6,
)


@given(PARTS, st.text("ab 1-BC\né", max_size=7))
def test_it_says_what_python_says(pattern: str, text: str) -> None:
    assume(text or r"\B" not in pattern)  # of no text Python changed its mind in 3.14
    assert is_whole(pattern, text) is bool(re.fullmatch(pattern, text))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("([A-Za-z]+ ?)+", "a" * 199 + "1"),
        ("(a+)+b", "a" * 200),
        (r"(\d|\w)+", "1" * 199 + "!"),
        (".*.*.*.*.*.*.*x", "a" * 200),
        ("(?=(a+)+b).*", "a" * 200),
    ],
)
def test_no_pattern_takes_longer_the_more_ways_there_are(pattern: str, text: str) -> None:
    assert not is_whole(pattern, text)


@pytest.mark.parametrize(
    "pattern", ["(", r"(a)\1", "(?<=a)b", "(?>a+)b", "a{3000}", "(a{100}){100}", "(?=(?=a)a)a"]
)
def test_what_is_not_taken_is_told(pattern: str) -> None:
    with pytest.raises(BadPatternError):
        check_pattern(pattern)


def test_letters_of_any_case_and_script() -> None:
    assert is_whole("(?i)ab-[c-e]+", "AB-cDe")
    assert is_whole(r"\w+/\d+", "م٣/٢٠٢٦")
    assert not is_whole(r"(?a)\w+", "é")
    assert is_whole("(?s)a.b", "a\nb")
    assert not is_whole("a.b", "a\nb")
