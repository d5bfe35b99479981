"""What a person types, as small value objects. Any input is safe; nothing is a syntax error.

fuite compteur        every word, in any of its forms, anywhere in the letter
"rue de Fès"          these words side by side, as written (« » and “ ” as well)
raccord*              words that begin so
-facture              not with this word (or "phrase", or begin*)
2026/IN/000123        the letter of that number first, in any notation and digits
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from language.bidi import strip_bidi_controls
from language.fold import fold
from language.stems import query_stems
from language.tokens import tokenize
from language.words import STOP_WORDS
from search.analysis import bare_number, number_term, plain_words, reference_term
from search.contract import LONGEST_WORDS

MOST_CLAUSES: Final = 32
_CHUNK: Final = re.compile(
    r"(?P<minus>(?<!\S)[-−–])?"
    r'(?:"(?P<straight>[^"]*)"|«(?P<french>[^»]*)»|“(?P<curly>[^”"]*)[”"]|(?P<plain>[^\s"«“]+))'
)


@dataclass(frozen=True)
class Word:
    """One folded word, to be found in any of its forms and with a typo."""

    text: str

    @cached_property
    def stems(self) -> tuple[str, ...]:
        return query_stems(self.text)

    @property
    def number(self) -> str:
        """The word without leading zeros when it is a number, else ""."""
        return bare_number(self.text) if self.text.isdecimal() else ""

    @property
    def typos(self) -> int:
        """How many letters may differ: none in short words and never in numbers."""
        if len(self.text) < 4 or any(char.isdigit() for char in self.text):
            return 0
        return 1 if len(self.text) < 8 else 2


@dataclass(frozen=True)
class Phrase:
    """Folded words that must stand side by side, as they are."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Prefix:
    """The folded beginning of a word."""

    text: str


@dataclass(frozen=True)
class Reference:
    """A reference such as 345/DG/2025: its key, or its pieces side by side."""

    key: str
    words: tuple[str, ...]


Clause = Word | Phrase | Prefix | Reference


@dataclass(frozen=True, kw_only=True)
class ParsedQuery:
    """`number` is the key of a registry number when the whole query is one, else "".

    `blank`: nothing was typed, so everything fits. `hopeless`: something was typed, but there is
    no word in it, so nothing fits.
    """

    must: tuple[Clause, ...] = ()
    must_not: tuple[Clause, ...] = ()
    number: str = ""
    blank: bool = False

    @property
    def hopeless(self) -> bool:
        return not (self.blank or self.must or self.must_not or self.number)


def parse(words: str) -> ParsedQuery:
    """Read what was typed; only the first 1,000 characters and 32 clauses count."""
    typed = strip_bidi_controls(words[:LONGEST_WORDS])
    if not fold(typed).strip():
        return ParsedQuery(blank=True)
    must: list[Clause] = []
    must_not: list[Clause] = []
    for chunk in _CHUNK.finditer(typed):
        (must_not if chunk["minus"] else must).extend(_clauses(chunk))
    return ParsedQuery(
        must=_telling(must)[:MOST_CLAUSES],
        must_not=tuple(dict.fromkeys(must_not))[:MOST_CLAUSES],
        number=number_term(typed),
    )


def _clauses(chunk: re.Match[str]) -> Iterator[Clause]:
    plain = chunk["plain"]
    if plain is None:
        quoted = chunk["straight"] or chunk["french"] or chunk["curly"] or ""
        words = _words(quoted)
        if words:
            yield Phrase(words)
    elif plain.endswith("*"):
        yield from _beginning(_words(plain))
    else:
        yield from _unquoted(plain)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for token in tokenize(text) if not token.whole for word in plain_words(token))


def _beginning(words: tuple[str, ...]) -> Iterator[Clause]:
    """Whole words, then the beginning of the last; one letter is too little to begin with."""
    *whole, last = words or ("",)
    yield from (Word(word) for word in whole)
    if last:
        yield Prefix(last) if len(last) > 1 else Word(last)


def _unquoted(text: str) -> Iterator[Clause]:
    """Its words; those that make up a reference are one clause instead."""
    tokens = list(tokenize(text))
    wholes = [token for token in tokens if token.whole]
    for token in tokens:
        if token.whole:
            yield Reference(reference_term(token), _words(token.text))
        elif not any(whole.start <= token.start < whole.end for whole in wholes):
            yield from (Word(word) for word in plain_words(token))


def _telling(clauses: list[Clause]) -> tuple[Clause, ...]:
    """Without repetition, and without the small words every letter has, if others remain."""
    unique = tuple(dict.fromkeys(clauses))
    telling = tuple(clause for clause in unique if not _says_little(clause))
    return telling or unique


def _says_little(clause: Clause) -> bool:
    if not isinstance(clause, Word):
        return False
    return clause.text in STOP_WORDS or (len(clause.text) == 1 and clause.text.isalpha())
