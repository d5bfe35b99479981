"""Rows of signs without an end cost work that grows with the page, not with its square.

The work is counted: the looks at a glyph's box and text, not the time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest

from ocr.pdf.marks import with_marks_in_place, without_twins
from ocr.pdf.textwords import Glyph
from ocr.pdf.unnamed import with_seats, without_unnamed

FATHA = "\u064e"
SIGN = (0.5, 0.1, 0.504, 0.102)


def work(act: Callable[[], Any]) -> int:
    """Return how many steps the interpreter took in the reading of text layers."""
    steps = 0

    def look(frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal steps
        if "/ocr/pdf/" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        steps += event == "opcode"
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        act()
    finally:
        sys.settrace(before)
    return steps


def signs_in_a_row(count: int) -> list[Glyph]:
    """A letter far from all the signs that follow it."""
    return [Glyph("ب", (0.1, 0.8, 0.11, 0.82)), *(Glyph(FATHA, SIGN) for _ in range(count))]


def signs_and_figures(count: int) -> list[Glyph]:
    """Signs with the text of their letter, and as many figures of another line."""
    sign = [Glyph(char, SIGN) for char in "م\u064c"]
    pieces = [replace(one, drawn=n) for n in range(count) for one in sign]
    figures = [Glyph("7", (0.6, 0.8, 0.61, 0.82)) for _ in range(2 * count)]
    return [*pieces, *figures]


def one_letter_of_many_signs(count: int) -> list[Glyph]:
    """Two pieces of drawing, each a letter with signs without an end."""
    text = ["م", *[FATHA] * count]
    return [Glyph(char, SIGN, drawn=n) for n in (0, 1) for char in [*text, *text[: n * 9]]]


def hamzas_without_a_place(count: int) -> list[Glyph]:
    return [Glyph("أ", None) for _ in range(count)]


@pytest.mark.parametrize(
    ("page", "read"),
    [
        (signs_in_a_row, with_marks_in_place),
        (signs_and_figures, lambda page: with_seats(page, 1.0)),
        (one_letter_of_many_signs, without_twins),
        (hamzas_without_a_place, without_unnamed),
    ],
)
def test_four_times_the_page_is_four_times_the_work(
    page: Callable[[int], list[Glyph]], read: Callable[[list[Glyph]], Any]
) -> None:
    small, large = page(50), page(200)
    assert work(lambda: read(large)) < 6 * work(lambda: read(small))


def test_signs_beside_too_many_letters_stay_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [Glyph("ب", (0.5, 0.11, 0.51, 0.13)) for _ in range(3)]
    page = [Glyph(FATHA, SIGN), Glyph(FATHA, SIGN), *letters]
    assert [one.char for one in with_marks_in_place(page)] == ["ب", FATHA, FATHA, "ب", "ب"]
    monkeypatch.setattr("ocr.pdf.marks._MOST_PAIRS", 5)
    assert [one.char for one in with_marks_in_place(page)] == [FATHA, "ب", FATHA, "ب", "ب"]


def test_a_letter_beside_too_many_figures_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = Glyph("7", (0.49, 0.09, 0.499, 0.11))
    page = [*(Glyph(char, SIGN, drawn=1) for char in "م\u064c"), figure]
    narrow = with_seats(page, 1.0)[0].room
    monkeypatch.setattr("ocr.pdf.unnamed._MOST_PAIRS", 0)
    wide = with_seats(page, 1.0)[0].room
    assert narrow
    assert wide
    assert wide[0] < narrow[0]
