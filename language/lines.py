"""Lines of text as they are kept."""

import re
import unicodedata
from typing import Final

from language.bidi import strip_bidi_controls

MOST_MARKS: Final = 5  # on one letter; vocalised Arabic has up to four
_SIGNS: Final = re.compile(rf"[^\w\s]{{{MOST_MARKS + 1},}}")  # among them are marks, if any
_MARKS: Final = ("Mn", "Me")
_JOINERS: Final = "\u200c\u200d"  # how an Arabic letter joins the next one, or two emoji become one
_NUMBER_SIGNS: Final = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2"  # are drawn
_JOINER: Final = re.compile(rf"(.?)([{_JOINERS}]+)")
_JOINED: Final = ("Lo", "Mn", "Mc", "So", "Sk")


def one_line(text: str, length: int = 500) -> str:
    """Return one line of visible characters, at most `length`, single spaces between words.

    So there is no control character, no direction mark and no break in what the register keeps,
    and no pile of accents that would be drawn over other lines.
    """
    return " ".join(_visible(few_marks(strip_bidi_controls(text))).split())[:length]


def printable_lines(text: str) -> str:
    """Return lines of visible characters, as `one_line` keeps one: tabs become spaces."""
    return _visible(few_marks(with_line_feeds(strip_bidi_controls(text))), kept="\n").strip()


def paragraphs(text: str) -> str:
    """Return a text that people write at length, for a paper: its tabs and its spaces stay.

    A space that must not break (1 200 DH) is another character than the space of a keyboard.
    """
    plain = few_marks(with_line_feeds(strip_bidi_controls(text)))
    return _visible(plain, kept="\n\t").strip()


def _visible(text: str, *, kept: str = "") -> str:
    """Return the text with a space for each control character.

    What is never drawn, such as a soft hyphen, is taken out; a joiner stays where it has an effect.
    """
    if text.isprintable():
        return text
    text = _JOINER.sub(_joined, text)
    return "".join(c if c.isprintable() or c in kept else _in_place_of(c) for c in text)


def _joined(found: re.Match[str]) -> str:
    """Return one joiner where letters join; between Latin ones it makes two names of one look."""
    before, joiners = found.groups()
    joins = before and unicodedata.category(before) in _JOINED
    return f"{before}{joiners[0]}" if joins else str(before)


def _in_place_of(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf":
        return char if char in _JOINERS or char in _NUMBER_SIGNS else ""
    return char if category == "Zs" else " "


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
