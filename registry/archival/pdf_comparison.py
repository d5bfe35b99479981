"""Comparison of two PDFs by appearance and text, which checks every conversion. No Django."""

from __future__ import annotations

import unicodedata
from collections import Counter
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PIL.Image import Image

DPI: Final = 48
CELL: Final = 4  # pixels of a side: thin strokes may lie half a pixel beside where they lay
MOST_APART: Final = 140  # of 255: how far the mean of one cell may be from the other's
MOST_FAR: Final = 0.008  # of all cells: how many may be more than FAR apart
FAR: Final = 45
MOST_LOST: Final = 0.02  # of pairs of letters


def differ(one: Path, other: Path) -> bool:
    """Return whether a page of the other appears different, or text is missing or in another order.

    More text is no difference: the contents of a form have become text.
    """
    import pypdfium2

    with closing(pypdfium2.PdfDocument(one)) as first, closing(pypdfium2.PdfDocument(other)) as two:
        first.init_forms()
        if len(first) != len(two):
            return True
        return any(_page_differs(first[at], two[at]) for at in range(len(first)))


def _page_differs(one: Any, other: Any) -> bool:
    with closing(one), closing(other):
        if max(abs(a - b) for a, b in zip(one.get_size(), other.get_size(), strict=True)) > 2:
            return True
        return looks_differ(_seen(one), _seen(other)) or text_is_lost(_said(one), _said(other))


def _seen(page: Any) -> Image:
    picture: Image = page.render(scale=DPI / 72, grayscale=True).to_pil()
    return picture.convert("L")


def _said(page: Any) -> str:
    with closing(page.get_textpage()) as text:
        return str(text.get_text_range())


def looks_differ(one: Image, other: Image) -> bool:
    """Return whether two grey pictures do not show the same page."""
    import numpy

    if max(abs(a - b) for a, b in zip(one.size, other.size, strict=True)) > 1:
        return True
    size = (max(1, one.width // CELL), max(1, one.height // CELL))
    cells = [numpy.asarray(each.resize(size), dtype=numpy.int16) for each in (one, other)]
    apart = numpy.abs(cells[0] - cells[1])
    return bool(apart.max() > MOST_APART or (apart > FAR).mean() > MOST_FAR)


def text_is_lost(before: str, after: str) -> bool:
    """Return whether letters, or their order, went missing; pairs of neighbours are counted."""
    pairs, kept = _pairs(before), _pairs(after)
    lost = sum((pairs - kept).values())
    return lost > MOST_LOST * pairs.total() + 1


def _pairs(text: str) -> Counter[str]:
    letters = [c for c in unicodedata.normalize("NFKC", text) if c.isalnum()]
    return Counter(a + b for a, b in pairwise(letters))
