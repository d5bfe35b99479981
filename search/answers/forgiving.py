"""When typos are tolerated: in rare words, where few letters have the words as typed.

Looking for every word that is nearly the one typed is the most expensive query there is. Where a
page is filled by letters that have the word itself, nobody would see what it finds; and of several
words the one that hardly any letter has is the one that somebody misspelt, or a scan misread.
"""

from collections.abc import Iterator
from dataclasses import replace
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


def search_forgivingly(
    engine: SearchEngine, query: SearchQuery
) -> tuple[SearchQuery, SearchResult]:
    """Return the query that was answered at last, whose `typos` says how, and its result.

    A first page is searched without typos. When it finds few, it is searched once more with typos
    tolerated: of more than two words in those that few letters of this person have; when nothing
    was found, in the two rarest at least, and where that finds nothing either, in the five rarest.
    A later page (with a cursor) is searched as its query
    says. One character may differ where some letters have the words as typed, which are words then,
    and two where none has. Raises what the engine raises.
    """
    if query.cursor:
        return query, engine.search(query)
    strict = replace(query, typos=False)
    result = engine.search(strict)
    words = list(dict.fromkeys(_may_be_misspelt(query))) if result.total < FEW else []
    if not words:
        return strict, result
    answer = strict, result
    ways = [words] if len(words) <= _FREE else _rarest(engine, query, words, result.total)
    most = 1 if result.total else query.most_typos
    for forgiven in ways:
        forgiving = replace(query, typos=frozenset(forgiven), most_typos=most)
        answer = forgiving, engine.search(forgiving)
        if answer[1].total:
            break
    return answer


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
    counts = {word: _count(engine, query, word) for word in words[:_MOST_WORDS]}
    rarest = sorted(counts, key=lambda word: counts[word])
    rare = [word for word in rarest if counts[word] < FEW][:_MOST_FORGIVEN]
    if found:
        return [rare] if rare else []
    first, more = rare or rarest[:2], rarest[:_FORGIVEN_AT_LAST]
    return [first] if len(first) >= len(more) else [first, more]


def _count(engine: SearchEngine, query: SearchQuery, word: str) -> int:
    tokens = query.reader_tokens
    alone = SearchQuery(words=word, reader_tokens=tokens, typos=False, limit=1, facets=())
    return engine.search(alone).total
