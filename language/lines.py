"""Lines of text as they are kept."""

import re
import unicodedata
from typing import Final

from language.bidi import strip_bidi_controls

MOST_MARKS: Final = 5  # on one letter; vocalised Arabic has up to four
_SIGNS: Final = re.compile(rf"[^\w\s]{{{MOST_MARKS + 1},}}")  # among them are marks, if any
_MARKS: Final = ("Mn", "Me")


def one_line(text: str, length: int = 500) -> str:
    """Return one line of printable characters, at most `length`, single spaces between words.

    So there is no control character, no direction mark and no break in what the register keeps,
    and no pile of accents that would be drawn over other lines.
    """
    plain = few_marks(strip_bidi_controls(text))
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:length]


def printable_lines(text: str) -> str:
    """Return lines of printable characters, as `one_line` keeps one: tabs become spaces."""
    plain = few_marks(with_line_feeds(strip_bidi_controls(text)))
    return "".join(c if c.isprintable() or c == "\n" else " " for c in plain).strip()


def few_marks(text: str) -> str:
    """Return the text without marks that pile up on one letter, far over the lines beside it."""
    return _SIGNS.sub(_thinned, text)


def _thinned(signs: re.Match[str]) -> str:
    kept, marks = [], 0
    for sign in signs.group():
        marks = marks + 1 if unicodedata.category(sign) in _MARKS else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def with_line_feeds(text: str) -> str:
    """Return the text with one character for each end of a line, as a browser counts them.

    It sends two, so that what just fits its field would be too long.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n")
