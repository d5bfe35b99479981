"""Days and years in words, as bailiffs, notaries and ceremonious letters write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.dates import find_dates


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        (
            "Settat, le vingt février deux mille vingt-six",
            "2026-02-20",
            "vingt février deux mille vingt-six",
        ),
        (
            "L'an deux mille vingt-six et le sept mai à dix heures",
            "2026-05-07",
            "L'an deux mille vingt-six et le sept mai",
        ),
        ("le trente et un mars 2026", "2026-03-31", "trente et un mars 2026"),
        ("سطات بتاريخ ثالث فبراير 2026", "2026-02-03", "ثالث فبراير 2026"),
        ("في الخامس عشر من شهر يناير 2026", "2026-01-15", "الخامس عشر من شهر يناير 2026"),
        ("الحادي والثلاثين من غشت 2025", "2025-08-31", "الحادي والثلاثين من غشت 2025"),
        ("الواحد والعشرين من ماي سنة 2026", "2026-05-21", "الواحد والعشرين من ماي سنة 2026"),
        ("الفاتح من غشت 2026", "2026-08-01", "الفاتح من غشت 2026"),
        (
            "الثاني عشر من شهر ماي عام ستة وعشرين وألفين",
            "2026-05-12",
            "الثاني عشر من شهر ماي عام ستة وعشرين وألفين",
        ),
        ("le dix avril deux mil vingt-six", "2026-04-10", "dix avril deux mil vingt-six"),
        (
            "le 5ème jour de mai de l'année deux mil vingt-six",
            "2026-05-05",
            "5ème jour de mai de l'année deux mil vingt-six",
        ),
        ("le 3 mars deux mille vingt-cinq", "2025-03-03", "3 mars deux mille vingt-cinq"),
    ],
)
def test_a_date_in_words_is_found_where_it_stands(text: str, day: str, words: str) -> None:
    (found,) = find_dates(text)
    assert (found.value.isoformat(), found.text) == (day, words)
    assert text[found.start : found.end] == words


@pytest.mark.parametrize(
    "text",
    ["deux mille dirhams en mai", "trente et un février 2026", "ثالث مرة في فبراير", "deux mai"],
)
def test_words_that_are_no_whole_date_are_none(text: str) -> None:
    assert find_dates(text) == []


@given(st.text(alphabet="deux mille vingtmars lan'ثالثفبراير 20", max_size=200))
def test_no_words_break_the_reading_of_dates(text: str) -> None:
    for found in find_dates(text):
        assert text[found.start : found.end] == found.text
