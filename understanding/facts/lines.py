"""A letter's text line by line, compared folded and quoted as written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from language.bidi import strip_bidi_controls
from language.fold import fold_word


@dataclass(frozen=True, slots=True)
class Line:
    """One line: as written, folded, and for each folded character the written one's place."""

    text: str
    folded: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Line:
        """Fold `text` sign by sign, so that what is found can be quoted as written."""
        folded, places = [], []
        for place, char in enumerate(text):
            opened = fold_word(char)
            folded.append(opened)
            places += [place] * len(opened)
        return cls(text, "".join(folded), (*places, len(text)))

    def written(self, start: int, end: int | None = None) -> str:
        """Return the letter's own text for this part of the folded line."""
        until = len(self.folded) if end is None else end
        return self.text[self.places[start] : self.places[until]]


READ_LINES: Final = 400  # what a letter says of itself stands on its first pages
READ_CHARACTERS: Final = 60_000
_SAYS_NOTHING: Final = " \t\v\xa0\u0640"  # blanks, and tatweel drawn as a rule
LONGEST_LINE: Final = 4_000  # characters: a paragraph of a word processor is one line


def text_lines(text: str) -> list[Line]:
    """Return the non-empty lines, without direction marks and with single spaces.

    Bounded in number, in length and in all, so that no text costs more than a long letter.
    """
    return list(_lines(text))


def whole(text: str) -> Line:
    """Return all lines of `text_lines` as one, separated by line feeds, for facts across lines."""
    return _whole(text)


@lru_cache(maxsize=1)  # each kind of fact asks for the lines of the same letter
def _lines(text: str) -> tuple[Line, ...]:
    plain = strip_bidi_controls(text[:READ_CHARACTERS]).replace("\r", "\n").replace("\f", "\n")
    written = (line for line in plain.split("\n") if line.strip(_SAYS_NOTHING).strip())
    kept = [" ".join(line[:LONGEST_LINE].split()) for line in written]
    return tuple(Line.of(line) for line in kept[:READ_LINES])


@lru_cache(maxsize=1)
def _whole(text: str) -> Line:
    return Line.of("\n".join(line.text for line in _lines(text)))
