"""Words of a text with their offsets: what search indexes and what the extraction rules read."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from language.fold import fold_word

# Marks that live inside a word: accents, harakat, tatweel, joiners and direction controls.
_INSIDE: Final = (
    "\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8"
    "\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069"
    "\u061c\ufeff"
)
_WORD: Final = rf"[^\W_][^\W_{_INSIDE}]*(?:[{_INSIDE}]+[^\W_{_INSIDE}]+)*[{_INSIDE}]*"
_JOIN: Final = rf"[{_INSIDE}]*[/\\\-‐‑–._][{_INSIDE}]*"
_CHUNK: Final = re.compile(rf"{_WORD}(?P<more>(?:{_JOIN}{_WORD})+)?")
_PIECE: Final = re.compile(_WORD)
_APOSTROPHES: Final = "'’ʼ‘`"
# What French elides before a vowel; the noun that follows is the word people look for.
_ELISION: Final = frozenset(
    ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"]
)


class Token(NamedTuple):
    """One word of a text.

    `text` as written, its half-open span in the original, and whether it spans several other tokens
    (a reference such as 2026/IN/000123 seen as one).
    """

    text: str
    start: int
    end: int
    whole: bool = False

    @property
    def folded(self) -> str:
        """The word in its spelling for comparison (`language.fold`)."""
        return fold_word(self.text)


def tokenize(text: str) -> Iterator[Token]:
    """Yield the words of `text` in order; offsets count characters of `text` itself.

    Elided French articles (l', d', qu') and an English 's are left out. Pieces joined by / - . _
    are words of their own; when one of them has a digit, the joined reference follows its pieces
    as a further token with ``whole=True``.
    """
    elided = any(sign in text for sign in _APOSTROPHES)
    for chunk in _CHUNK.finditer(text):
        whole = chunk.group()
        if chunk["more"] is None:  # nearly all: worth the short way
            alone = Token(whole, chunk.start(), chunk.end())
            if not (elided and _is_leftover(text, alone)):
                yield alone
            continue
        for piece in _PIECE.finditer(text, chunk.start(), chunk.end()):
            token = Token(piece.group(), piece.start(), piece.end())
            if not (elided and _is_leftover(text, token)):
                yield token
        if any(char.isdecimal() for char in whole):
            yield Token(whole, chunk.start(), chunk.end(), whole=True)


def picked(text: str, judged: Mapping[str, str]) -> Iterator[tuple[Token, str]]:
    """Yield the words of `text` for which `judged` has more than "", each with that value.

    As `tokenize` cuts them, references seen as one left out, and many times as fast where few words
    are wanted. `judged` is asked for each word as written, a mapping that fills itself
    (`__missing__`).
    """
    elided = any(sign in text for sign in _APOSTROPHES)
    for chunk in _CHUNK.finditer(text):
        if chunk.lastindex is None:
            if found := judged[chunk.group()]:
                alone = Token(chunk.group(), chunk.start(), chunk.end())
                if not (elided and _is_leftover(text, alone)):
                    yield alone, found
            continue
        for piece in _PIECE.finditer(text, chunk.start(), chunk.end()):
            if found := judged[piece.group()]:
                token = Token(piece.group(), piece.start(), piece.end())
                if not (elided and _is_leftover(text, token)):
                    yield token, found


def _is_leftover(text: str, piece: Token) -> bool:
    """Return whether it is only an elided article before an apostrophe, or 's or 't after one."""
    if len(piece.text) > 7:
        return False
    after = text[piece.end : piece.end + 2]
    if len(after) == 2 and after[0] in _APOSTROPHES and after[1].isalpha():
        return piece.text.lower() in _ELISION
    before = text[max(piece.start - 2, 0) : piece.start]
    return (
        len(before) == 2
        and before[1] in _APOSTROPHES
        and before[0].isalpha()
        and piece.text.lower() in ("s", "t")
    )
