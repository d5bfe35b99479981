"""Parsing of what a person types into value objects; any input is safe, nothing is a syntax error.

fuite compteur        every word, in any of its forms, anywhere in the letter
"rue de Fès"          these words side by side, as written (« » and “ ” as well)
raccord*              words that begin so
-facture              not with this word (or "phrase", begin*, field:value)
2026/IN/000123        the letter of that number first, in any notation and digits
12 mars 2026          that date in any notation
de:Benkirane          a field: from to ref kind dept before after no, also in French and Arabic
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from language.bidi import strip_bidi_controls
from language.dates import FoundDate, find_dates
from language.fold import fold
from language.tokens import tokenize
from search.analysis.document_terms import plain_words
from search.analysis.numbers import number_at
from search.analysis.references import (
    is_reference,
    number_term,
    query_number,
    reference_at,
    reference_key,
    typed_reference,
)
from search.contract import LONGEST_WORDS, SearchQuery
from search.query.fields import Names, ReadField, Understood, read_field
from search.query.informative import informative, together
from search.query.words import (
    Clause,
    Codes,
    Day,
    Days,
    Digits,
    Limit,
    Name,
    Number,
    Party,
    Phrase,
    Prefix,
    Reference,
    Word,
)

__all__ = [
    "MOST_CLAUSES",
    "Clause",
    "Codes",
    "Day",
    "Days",
    "Digits",
    "Limit",
    "Name",
    "Number",
    "ParsedQuery",
    "Party",
    "Phrase",
    "Prefix",
    "ReadField",
    "Reference",
    "Word",
    "parse",
    "read_query",
]

MOST_CLAUSES: Final = 32
_SPACE: Final = re.compile(r"\s*")
_BEGINS: Final = re.compile(r'[\s"«“]|[^\W_]')
_CHUNK: Final = re.compile(
    r'(?:"(?P<straight>[^"]*)"|«(?P<french>[^»]*)»|“(?P<curly>[^”"]*)[”"]|(?P<plain>[^\s"«“]+)|.)',
    re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class ParsedQuery:
    """A parsed query; `number` is the key of a registry number when that is all of it, else "".

    `reference` is that of any reference. `limits` hold for every letter found, `not_limits` for
    none.

    `blank`: nothing was typed, so everything fits. `hopeless`: something was typed, but there is no
    word in it, so nothing fits.
    """

    must: tuple[Clause, ...] = ()
    must_not: tuple[Clause, ...] = ()
    limits: tuple[Limit, ...] = ()
    not_limits: tuple[Limit, ...] = ()
    number: str = ""
    reference: str = ""
    read: tuple[ReadField, ...] = ()
    blank: bool = False

    @property
    def hopeless(self) -> bool:
        asked = self.must or self.must_not or self.limits or self.not_limits or self.number
        return not (self.blank or asked)


def read_query(query: SearchQuery) -> ParsedQuery:
    """Parse a `SearchQuery`'s words, as its names, day and tolerance say.

    An answer reads its query several times: without names of fields the last ones are kept.
    """
    if not query.names:
        return _kept(query.words, query.today, query.typos, query.most_typos, query.left_out)
    return parse(
        query.words,
        names=query.names,
        today=query.today,
        typos=query.typos,
        most_typos=query.most_typos,
        left_out=query.left_out,
    )


@lru_cache(maxsize=128)
def _kept(
    words: str,
    today: datetime.date | None,
    typos: bool | frozenset[str],
    most_typos: int,
    left_out: frozenset[str],
) -> ParsedQuery:
    return parse(words, today=today, typos=typos, most_typos=most_typos, left_out=left_out)


def parse(
    words: str,
    *,
    names: Names | None = None,
    today: datetime.date | None = None,
    typos: bool | frozenset[str] = True,
    most_typos: int = 2,
    left_out: frozenset[str] = frozenset(),
) -> ParsedQuery:
    """Parse what was typed; only the first 1,000 characters and 32 clauses count.

    `names`: what kinds and departments are called ("kind", "department" → folded name → code).
    `today` gives "hier" a meaning. `typos`: which words tolerate typos (all, none, or these), with
    `most_typos` at most. `left_out`: folded words that are not asked for.
    """
    typed = strip_bidi_controls(words[:LONGEST_WORDS])
    if not fold(typed).strip():
        return ParsedQuery(blank=True)
    reading = _Reading(typed, names or {}, today, typos=typos, most_typos=most_typos)
    return ParsedQuery(
        must=_without(informative(reading.must), left_out)[:MOST_CLAUSES],
        must_not=tuple(dict.fromkeys(reading.must_not))[:MOST_CLAUSES],
        limits=together(reading.limits)[:MOST_CLAUSES],
        not_limits=tuple(dict.fromkeys(reading.not_limits))[:MOST_CLAUSES],
        number=number_term(typed),
        reference=typed_reference(typed),
        read=tuple(reading.read),
    )


@dataclass
class _Reading:
    """What was typed, read from left to right."""

    typed: str
    names: Names
    today: datetime.date | None
    typos: bool | frozenset[str] = field(kw_only=True)
    most_typos: int = field(kw_only=True)
    grouped: bool = field(default=True, kw_only=True)  # whether groups of digits are one number

    def __post_init__(self) -> None:
        self.must: list[Clause] = []
        self.must_not: list[Clause] = []
        self.limits: list[Limit] = []
        self.not_limits: list[Limit] = []
        self.read: list[ReadField] = []
        dates = {found.start: found for found in find_dates(self.typed)}
        place = 0
        while (place := self._past_space(place)) < len(self.typed):
            excluded = self._excluded(place)
            place = self._take(place + excluded, dates, excluded=excluded)

    def _past_space(self, place: int) -> int:
        space = _SPACE.match(self.typed, place)
        return space.end() if space else place

    def _past_signs(self, place: int) -> int:
        """Skip brackets and the like, which have no meaning before a word."""
        while place < len(self.typed) and not _BEGINS.match(self.typed, place):
            place += 1
        return place

    def _excluded(self, place: int) -> bool:
        """Return whether a minus stands here, not inside a word, and with something after it."""
        before = self.typed[place - 1 : place] if place else " "
        behind = self.typed[place + 1 : place + 2]
        return self.typed[place] in "-−–" and before.isspace() and not (behind or " ").isspace()

    def _take(self, place: int, dates: dict[int, FoundDate], *, excluded: bool) -> int:
        """Read what begins at `place`; return where it ends."""
        place = self._past_signs(place)
        if place >= len(self.typed):
            return place
        known = read_field(self.typed, place, names=self.names, today=self.today)
        if known:
            self._field(known, excluded=excluded)
            return known.end
        clauses = self.must_not if excluded else self.must
        date = dates.get(place)
        if date:
            clauses.append(Day(date.value, _words(date.text)))
            return date.end
        number = number_at(self.typed, place) if self.grouped else None
        if number and number.groups > 1:
            inner = self._inside(self.typed[number.start : number.end])
            clauses.append(Digits(number.keys, tuple(inner)))
            return number.end
        if reference := reference_at(self.typed, place):
            clauses.append(_reference(reference))
            return place + len(reference)
        chunk = _CHUNK.match(self.typed, place)
        if chunk is None:
            return place + 1
        clauses.extend(self._clauses(chunk))
        return chunk.end()

    def _inside(self, number: str) -> list[Clause]:
        """Return what the groups of a number are when they are read one by one."""
        return _Reading(
            number, {}, None, typos=self.typos, most_typos=self.most_typos, grouped=False
        ).must

    def _field(self, known: Understood, *, excluded: bool) -> None:
        told, asks = known.field, known.asks
        self.read.append(ReadField(told.name, told.value, told.text, excluded))
        if isinstance(asks, Codes | Days):
            (self.not_limits if excluded else self.limits).append(asks)
            return
        if isinstance(asks, Party):
            asks = Party(asks.role, tuple(self._word(word.text) for word in asks.words))
        (self.must_not if excluded else self.must).append(asks)

    def _word(self, text: str) -> Word:
        forgiving = self.typos if isinstance(self.typos, bool) else text in self.typos
        return Word(text, self.most_typos if forgiving else 0)

    def _clauses(self, chunk: re.Match[str]) -> Iterator[Clause]:
        plain = chunk["plain"]
        if plain is None:
            quoted = chunk["straight"] or chunk["french"] or chunk["curly"] or ""
            words = _words(quoted)
            if words:
                yield Phrase(words)
        elif plain.endswith("*"):
            yield from self._beginning(_words(plain))
        else:
            yield from self._unquoted(plain)

    def _beginning(self, words: tuple[str, ...]) -> Iterator[Clause]:
        """Yield whole words, then the beginning of the last; one letter alone is a word."""
        *whole, last = words or ("",)
        yield from (self._word(word) for word in whole)
        if last:
            yield Prefix(last) if len(last) > 1 else self._word(last)

    def _unquoted(self, text: str) -> Iterator[Clause]:
        """Yield its words; those that make up a reference are one clause instead."""
        tokens = list(tokenize(text))
        wholes = [token for token in tokens if token.whole and is_reference(token.text)]
        for token in tokens:
            inside = any(whole.start <= token.start < whole.end for whole in wholes)
            if token in wholes:
                yield _reference(token.text)
            elif not (token.whole or inside):
                yield from (self._word(word) for word in plain_words(token))


def _without(clauses: tuple[Clause, ...], left_out: frozenset[str]) -> tuple[Clause, ...]:
    asked = (c for c in clauses if not (isinstance(c, Word) and c.text in left_out))
    return tuple(asked) if left_out else clauses


def _reference(text: str) -> Reference:
    return Reference(reference_key(text), _words(text), query_number(text))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for token in tokenize(text) if not token.whole for word in plain_words(token))
