"""Separator sheets and stickers as PDF, for the office's printer."""

import io
from typing import Final

import segno

from channels.batch.marks import SEPARATOR, STICKER, Mark, check_of, code_of, new_number
from registry.paper import bilingual_pdf

MOST_SHEETS: Final = 200
MOST_STICKERS: Final = 1200
_A_PAGE: Final = 24  # 3 × 8 labels of 70 × 37 mm


def separator_sheets(count: int, *, both_sides: bool = False) -> bytes:
    """Return `count` sheets as PDF, each of which begins a new letter.

    `both_sides` is for a duplex scanner, so that no back is taken for a page of a letter. Raise
    ValueError beyond 200.
    """
    if not 1 <= count <= MOST_SHEETS:
        raise ValueError("count")
    qr = _qr(Mark(SEPARATOR, "1"))
    sides = range(2 if both_sides else 1)
    return bilingual_pdf("channels/separators.html", {"sheets": [list(sides)] * count, "qr": qr})


def sticker_sheets(count: int) -> bytes:
    """Return `count` stickers as PDF, no two alike, 24 on a sheet.

    Raise ValueError beyond 1,200.
    """
    if not 1 <= count <= MOST_STICKERS:
        raise ValueError("count")
    marks = [Mark(STICKER, new_number()) for _ in range(count)]
    stickers = [
        {
            "number": mark.number,
            "check": check_of(mark),
            "qr": _qr(mark),
            "left": place % _A_PAGE % 3 * 70,
            "top": place % _A_PAGE // 3 * 37,
        }
        for place, mark in enumerate(marks)
    ]
    pages = [stickers[start : start + _A_PAGE] for start in range(0, count, _A_PAGE)]
    return bilingual_pdf("channels/stickers.html", {"pages": pages})


def _qr(mark: Mark) -> str:
    """Return the mark's QR code as SVG, readable with up to a quarter of it soiled."""
    drawn = io.BytesIO()
    segno.make(code_of(mark), error="q", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4
    )
    return drawn.getvalue().decode()
