"""When typos are tolerated: in rare words, where few letters have the words as typed.

A search for every word near the typed one is the most expensive query there is. Where letters with
the word itself fill a page, nobody would see what it finds; and of several words the one that
hardly any letter has is the one that was misspelt, or misread in a scan.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from search.contract import SearchEngine, SearchQuery, SearchResult
from search.query.parsing import Name, Party, Word, read_query

# So many letters with the words as typed are enough.
FEW: Final = 50
_MOST_WORDS: Final = 8
_MOST_FORGIVEN: Final = 3
_FORGIVEN_AT_LAST: Final = 5
# So many words cost less when all are forgiven than when their letters are counted.
_FREE: Final = 2


@dataclass(frozen=True, slots=True)
class Answered:
    """The query that was answered at last, whose `typos` says how, and its result.

    `as_typed`: how many letters have the words as typed, of a first page answered with typos.
    """

    query: SearchQuery
    result: SearchResult
    as_typed: int = 0


def search_forgivingly(engine: SearchEngine, query: SearchQuery) -> Answered:
    """Answer the query, tolerating typos where few letters have its words.

    A first page is searched without typos. When it finds few, it is searched once more with typos
    tolerated: of more than two words in those that few letters of this person have; when nothing
    was found, in the two rarest at least, and where that finds nothing either, in the five rarest.
    A later page (with a cursor) is searched as its query says. One character may differ; two, in
    long words, where no letter has the words as typed and few have them with one. Raise what the
    engine raises.
    """
    if query.cursor:
        return Answered(query, engine.search(query))
    strict = replace(query, typos=False)
    result = engine.search(strict)
    many = result.count.exceeds(FEW - 1)
    words = [] if many else list(dict.fromkeys(_may_be_misspelt(query)))
    answer = Answered(strict, result)
    if not words:
        return answer
    ways = [words] if len(words) <= _FREE else _rarest(engine, query, words, result.total)
    for forgiven in ways:
        found = _with_typos(engine, query, frozenset(forgiven), as_typed=result.total)
        answer = replace(found, as_typed=result.total)
        if answer.result.hits:
            break
    return answer


def _with_typos(
    engine: SearchEngine, query: SearchQuery, forgiven: frozenset[str], *, as_typed: int
) -> Answered:
    """Search with one letter wrong in these words; with two where that finds few."""
    one_wrong = replace(query, typos=forgiven, most_typos=min(query.most_typos, 1))
    found = engine.search(one_wrong)
    may_have_two = any(Word(word, query.most_typos).typos > 1 for word in forgiven)
    if as_typed or found.total >= FEW or not may_have_two:
        return Answered(one_wrong, found)
    two_wrong = replace(query, typos=forgiven)
    return Answered(two_wrong, engine.search(two_wrong))


def _may_be_misspelt(query: SearchQuery) -> Iterator[str]:
    """Yield the words that may be misspelt."""
    for clause in read_query(replace(query, typos=True)).must:
        words: tuple[Word, ...] = (clause,) if isinstance(clause, Word) else ()
        if isinstance(clause, Name | Party):
            words = clause.words
        yield from (word.text for word in words if word.typos)


def _rarest(
    engine: SearchEngine, query: SearchQuery, words: list[str], found: int
) -> list[list[str]]:
    """Return which words to forgive, one way after the other until something is found.

    The three rarest of the words that few letters have, or the two rarest of all; where no letter
    has all words, the five rarest at last: one may have letters of its own by its sound or stem.
    """
    counts = counts_alone(engine, query, words[:_MOST_WORDS])
    rarest = sorted(counts, key=lambda word: counts[word])
    rare = [word for word in rarest if counts[word] < FEW][:_MOST_FORGIVEN]
    if found:
        return [rare] if rare else []
    first, more = rare or rarest[:2], rarest[:_FORGIVEN_AT_LAST]
    return [first] if len(first) >= len(more) else [first, more]


def counts_alone(
    engine: SearchEngine, query: SearchQuery, words: Iterable[str], *, typos: bool = False
) -> dict[str, int]:
    """Return how many letters of this person have each word alone.

    `typos`: with the typos that `search_forgivingly` would tolerate.
    """
    readers = query.reader_tokens
    alone = [SearchQuery(words=one, reader_tokens=readers, typos=False) for one in words]
    counts = {one.words: n for one, n in zip(alone, engine.counts(alone), strict=True)}
    if typos:
        counts |= _forgiven_counts(
            engine, [one for one in alone if counts[one.words] < FEW], counts
        )
    return counts


def _forgiven_counts(
    engine: SearchEngine, rare: Iterable[SearchQuery], counts: Mapping[str, int]
) -> dict[str, int]:
    again = [
        replace(one, typos=frozenset(words), most_typos=1 if counts[one.words] else one.most_typos)
        for one in rare
        if (words := list(_may_be_misspelt(one)))
    ]
    found = engine.counts(again) if again else ()
    return {one.words: n for one, n in zip(again, found, strict=True)}
