"""Strokes of numbers, put back where a right-to-left line has moved them.

Between letters of one direction and figures of another a stroke takes the direction of the line,
and comes out of some text layers at the end of the number: ``1450/م.م/2026`` as ``/1450م.م2026/``.
"""

from __future__ import annotations

import re
from typing import Final

_ARABIC: Final = re.compile("[\u0621-\u064a]")
_MOVED: Final = re.compile(
    r"(?<![^\s(:])(?P<before>/{0,3})(?P<core>[^\W_][\w./،\-]{2,40}?)(?P<after>[/\-]{0,3})(?=[.،,)]{0,3}(?:\s|$))"
)
# Where figures meet letters without a sign between, or with the comma of the sentence.
_SEAM: Final = re.compile(r"(?<=\d)،?(?=[^\W\d_])|(?<=[^\W\d_])،?(?=\d)")


def strokes_in_place(text: str) -> str:
    """Return the text with moved strokes back between the parts of their numbers.

    Only in lines with Arabic letters, and only where as many strokes stand outside a number as it
    lacks inside. The length never changes, so offsets of all other words stay true.
    """
    if "/" not in text:
        return text
    return "\n".join(
        _MOVED.sub(_mended, line) if "/" in line and _ARABIC.search(line) else line
        for line in text.split("\n")
    )


def _mended(match: re.Match[str]) -> str:
    strokes = match["before"] + match["after"]
    seams = list(_SEAM.finditer(match["core"]))
    if not strokes or len(seams) != len(strokes):
        return match[0]
    out, place = [], 0
    for seam, stroke in zip(seams, strokes, strict=True):
        out += [match["core"][place : seam.start()], stroke]
        place = seam.end()
    commas = "".join(seam[0] for seam in seams)
    return "".join([*out, match["core"][place:], commas])
