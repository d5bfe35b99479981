"""Letters that one font draws in two shapes: its map to Unicode is wrong for one of them.

OpenPDF gives the letters after a ligature those of the letter before: each "n" of a font is then
"i", or a "س" is "ا". Words and figures about them are right, so that the text looks like language.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ocr.pdf.textwords import Glyph
from ocr.quality import LATIN
from ocr.reading import Box

# Width by height of the ink. Told of no page of 190 letters of fourteen other makers (but two of
# Qt's, which are refused for their letters) and of 150 real PDFs; a true alef is 0.1 to 1.2 wide.
_OTHER = 1.75
_ALEF, _WIDE_ALEF, _FLAT = 1.0, 1.4, 3.0
_FLAT_LATIN = 2.2  # a stroke that stretches a word, whatever its map calls it
_LEAST = 0.002  # height of a letter, a share of the page's
_SAME = 2e-4  # shares of the page


def letters_in_two_shapes(glyphs: Sequence[Glyph], aspect: float) -> frozenset[str]:
    """Return the Latin letters that a font draws in two shapes, and alef where one lies flat.

    Letters of a ligature, which have one box or parts of it, do not count. `aspect`: width of the
    page by its height.
    """
    shapes: defaultdict[tuple[int, str], list[float]] = defaultdict(list)
    for n, glyph in enumerate(glyphs):
        char = unicodedata.normalize("NFKC", glyph.char)
        if glyph.box is None or glyph.aside or not (char == "ا" or LATIN.fullmatch(char)):
            continue
        high = glyph.box[3] - glyph.box[1]
        if high > _LEAST and not _is_part(glyph.box, _boxes_beside(glyphs, n)):
            shapes[glyph.font, char].append((glyph.box[2] - glyph.box[0]) * aspect / high)
    return frozenset(char for (_, char), found in shapes.items() if _differ(char, found))


def _boxes_beside(glyphs: Sequence[Glyph], n: int) -> list[Box]:
    beside = (glyphs[m] for m in (n - 1, n + 1) if 0 <= m < len(glyphs))
    return [one.box for one in beside if one.box]


def _is_part(box: Box, beside: Sequence[Box]) -> bool:
    """Return whether a letter's box is that of its neighbour, or begins where that ends."""
    return any(
        abs(box[0] - other[0]) < _SAME
        or (
            abs(box[1] - other[1]) + abs(box[3] - other[3]) < _SAME
            and min(abs(box[0] - other[2]), abs(box[2] - other[0])) < _SAME
        )
        for other in beside
    )


def _differ(char: str, shapes: list[float]) -> bool:
    if char == "ا":
        return min(shapes) < _ALEF and any(_WIDE_ALEF < one < _FLAT for one in shapes)
    ordered = sorted(one for one in shapes if 0 < one < _FLAT_LATIN)
    return any(wider > _OTHER * narrower for narrower, wider in pairwise(ordered))
