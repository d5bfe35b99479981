"""Where no letter has all that was typed: the letters that have most of it, and what each lacks.

Most is by rarity: a clause weighs the more, the fewer letters of this person answer it, and a
letter must have half of all that weight. Below a full match there is nothing like it: they are
never counted, and there are ten at most. Fields, phrases and exclusions always hold; a number,
reference or date that no letter has weighs as much as anything can, so that its company alone is
not taken for it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from language.tokens import tokenize
from search.contract import SearchEngine, SearchQuery
from search.query.parsing import (
    Clause,
    Day,
    Digits,
    Name,
    Number,
    Party,
    Phrase,
    Prefix,
    Reference,
    Word,
    read_query,
)

MOST_LETTERS: Final = 10
_MOST_CLAUSES: Final = 12
_LEAST_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class MostWords:
    """A letter that has most of a query; `lacking` is what it lacks, as typed."""

    id: str
    lacking: tuple[str, ...]


def letters_with_most(
    engine: SearchEngine, query: SearchQuery
) -> tuple[SearchQuery, tuple[MostWords, ...]]:
    """Return the query as it was run (its `typos` say how) and the letters with most of it.

    For a query that no letter answers. Typos are tolerated in words that no letter has. Raise what
    the engine raises.
    """
    few = min(query.limit, MOST_LETTERS)
    asked = replace(query, typos=False, cursor="", facets=(), order="relevance", limit=few)
    clauses = read_query(asked).must
    if not 1 < len(clauses) <= _MOST_CLAUSES:
        return asked, ()
    total, counts = engine.clause_counts(asked)
    unknown = _unknown_words(clauses, counts)
    if unknown:
        asked = replace(asked, typos=unknown)
        clauses = read_query(asked).must
        total, counts = engine.clause_counts(asked)
    weights = _weights(clauses, total, counts)
    loose = {n: weight for n, weight in weights.items() if _may_lack(clauses[n])}
    if not any(counts[place] for place in loose):
        return asked, ()
    least = sum(weights.values()) * _LEAST_SHARE
    return asked, tuple(
        MostWords(hit.id, tuple(_lacking(query.words, clauses, hit.held)))
        for hit in engine.with_some(asked, loose)
        if sum(weight for place, weight in weights.items() if place in hit.held) >= least
    )


def _unknown_words(clauses: tuple[Clause, ...], counts: tuple[int, ...]) -> frozenset[str]:
    """Return the words that no letter has: they may be misspelt."""
    unknown = (clause for clause, count in zip(clauses, counts, strict=True) if not count)
    return frozenset(text for clause in unknown for text in _words(clause))


def _words(clause: Clause) -> tuple[str, ...]:
    if isinstance(clause, Word):
        return (clause.text,)
    return tuple(word.text for word in clause.words) if isinstance(clause, Name) else ()


def _weights(clauses: tuple[Clause, ...], total: int, counts: tuple[int, ...]) -> dict[int, float]:
    """Return the weights of the clauses by their places.

    A word that no letter has is no evidence of rarity: it weighs as the lightest of the others.
    """
    weights: dict[int, float] = {}
    unknown: list[int] = []
    for place, (clause, count) in enumerate(zip(clauses, counts, strict=True)):
        if count or not _is_plain(clause):
            weights[place] = math.log1p(total / (count + 0.5))
        else:
            unknown.append(place)
    return weights | dict.fromkeys(unknown, min(weights.values(), default=1.0))


def _may_lack(clause: Clause) -> bool:
    """Return whether a letter may be without it: a field or a phrase is meant as it stands."""
    if isinstance(clause, Party | Phrase | Number):
        return False
    return not (isinstance(clause, Reference) and clause.own)


def _is_plain(clause: Clause) -> bool:
    """Return whether it is words, rather than what identifies one letter."""
    if isinstance(clause, Word):
        return clause.text.isalpha()
    return isinstance(clause, Name | Prefix)


def _lacking(typed: str, clauses: tuple[Clause, ...], held: frozenset[int]) -> Iterator[str]:
    """Yield the clauses that are not held as they were typed."""
    tokens = [token for token in tokenize(typed) if not token.whole]
    for place, clause in enumerate(clauses):
        if place not in held:
            folded = set(_folded(clause))
            written = dict.fromkeys(token.text for token in tokens if token.folded in folded)
            yield " ".join(written) or " ".join(_folded(clause))


def _folded(clause: Clause) -> tuple[str, ...]:
    if isinstance(clause, Word | Prefix):
        return (clause.text,)
    if isinstance(clause, Name):
        return tuple(word.text for word in clause.words)
    if isinstance(clause, Digits):
        return tuple(word for group in clause.groups for word in _folded(group)) or clause.keys
    return clause.words if isinstance(clause, Reference | Day) else ()
