"""Words of a text with their offsets: what search indexes and what the extraction rules read."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
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
_SPACE: Final = re.compile(r"\s")
_AROUND: Final = '.,;:!?()[]«»"،؛؟'  # signs at the ends of words, which are part of none
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


class Picker:
    """Finds the words of texts that `judge` tells something of: few of many.

    `judge` is given words as written, many at a time and each once, and returns those that are
    wanted with what it says of them. No word reaches over white space: what stands between two
    spaces is cut once, however often it comes, and its places are looked for only where a word of
    it is wanted. `spot` finds the pieces that may hold a wanted word, with their places, where
    there is a quicker way to tell.
    """

    def __init__(
        self,
        judge: Callable[[Collection[str]], Mapping[str, str]],
        spot: Callable[[str], Iterable[tuple[int, str]]] | None = None,
    ) -> None:
        self._judge = judge
        self._spot = spot
        self._seen: set[str] = set()
        self._wanted: dict[str, list[tuple[Token, str]]] = {}

    def __call__(self, text: str) -> Iterator[tuple[Token, str]]:
        """Yield the wanted words in order, each with what `judge` said of it.

        As `tokenize` cuts them, references seen as one left out.
        """
        for at, piece in self._pieces(text):
            for token, found in self._wanted.get(piece, ()):
                yield Token(token.text, at + token.start, at + token.end), found

    def _pieces(self, text: str) -> list[tuple[int, str]]:
        """Return the places of pieces in order, with all that have a wanted word."""
        if self._spot:
            spotted = list(self._spot(text))
            self._look_at({piece for _, piece in spotted})
            return spotted
        pieces = set(text.split())
        self._look_at(pieces)
        there = pieces.intersection(self._wanted)
        return sorted((at, one) for one in there for at in _places(text, one))

    def _look_at(self, pieces: set[str]) -> None:
        fresh = pieces - self._seen
        if not fresh:
            return
        self._seen |= fresh
        alone: dict[str, str] = {}
        cut: dict[str, tuple[Token, ...]] = {}
        for piece in fresh:
            word = piece.strip(_AROUND)
            if word.isalnum():  # nearly all: one word, whatever its letters
                alone[piece] = word
            else:
                cut[piece] = _cut(piece)
        wanted = self._judge(
            {*alone.values(), *(one.text for each in cut.values() for one in each)}
        )
        if not wanted:
            return
        for piece, word in alone.items():
            if word in wanted:
                start = piece.index(word)
                self._wanted[piece] = [(Token(word, start, start + len(word)), wanted[word])]
        for piece, tokens in cut.items():
            if found := [(one, wanted[one.text]) for one in tokens if one.text in wanted]:
                self._wanted[piece] = found


@lru_cache(maxsize=8_192)
def _cut(piece: str) -> tuple[Token, ...]:
    """Return the words of what stands between two spaces, references seen as one left out."""
    return tuple(token for token in tokenize(piece) if not token.whole)


def _places(text: str, piece: str) -> Iterator[int]:
    """Yield where `piece` stands in `text` between white space or the ends."""
    at = text.find(piece)
    while at >= 0:
        end = at + len(piece)
        begins = at == 0 or text[at - 1].isspace()
        if begins and (end == len(text) or text[end].isspace()):
            yield at
        elif space := _SPACE.search(text, end):
            end = space.start()
        else:
            return
        at = text.find(piece, end)


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
