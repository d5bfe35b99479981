"""Markers of pages: what was written comes back, and anything else is refused."""

import base64
import contextlib
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.contract import InvalidCursor
from search.cursors import read_cursor, write_cursor

KIND = "engine:order"


WHOLE = st.integers(1 - 2**63, 2**63 - 1)
ASCII = st.text(st.characters(codec="ascii"))


@given(WHOLE, ASCII, st.floats(-(2.0**62), 2.0**62))
def test_a_marker_gives_back_its_values(place: int, name: str, score: float) -> None:
    marker = write_cursor(KIND, [place, name, score])
    assert marker.isascii()
    assert read_cursor(marker, KIND, (int, str, (int, float))) == [place, name, score]


@pytest.mark.parametrize("values", [[True], ["1"], [1.0], [], [1, 2], [None]])
def test_values_of_another_sort_are_refused(values: list[Any]) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(write_cursor(KIND, values), KIND, (int,))


@pytest.mark.parametrize("value", [2**63, -(2**63), 10**30, math.nan, math.inf, "é", "\ud800"])
def test_what_no_engine_takes_is_refused(value: float | str) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(write_cursor(KIND, [value]), KIND, ((int, float, str),))


def test_a_marker_of_another_search_is_refused() -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(write_cursor("engine:newest", [1]), KIND, (int,))


@pytest.mark.parametrize("raw", [b"{}", b"3", b"[" * 5_000, b"\xff", b""])
def test_what_is_no_marker_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(base64.urlsafe_b64encode(raw).decode(), KIND, (int,))


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidCursor):
        assert isinstance(read_cursor(text, KIND, (int,)), list)
