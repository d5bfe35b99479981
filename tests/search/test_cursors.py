"""Markers of pages: what was written comes back, and anything else is refused."""

import base64
import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.contract import InvalidCursor
from search.cursors import read_cursor, write_cursor

KIND = "engine:order"


@given(st.integers(), st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_a_marker_gives_back_its_values(place: int, name: str, score: float) -> None:
    marker = write_cursor(KIND, [place, name, score])
    assert marker.isascii()
    assert read_cursor(marker, KIND, (int, str, (int, float))) == [place, name, score]


@pytest.mark.parametrize("values", [[True], ["1"], [1.0], [], [1, 2], [None]])
def test_values_of_another_sort_are_refused(values: list[Any]) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(write_cursor(KIND, values), KIND, (int,))


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
