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
# So many words cost less when all are forgiven than when their letters are counted.
_FREE: Final = 2


def search_forgivingly(
    engine: SearchEngine, query: SearchQuery
) -> tuple[SearchQuery, SearchResult]:
    """Return the query that was answered at last, whose `typos` says how, and its result.

    A first page is searched without typos. When it finds few, it is searched once more with typos
    tolerated: of more than two words in those that few letters of this person have; when nothing
    was found, in the two rarest at least. A later page (with a cursor) is searched as its query
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
    forgiven = words if len(words) <= _FREE else _rarest(engine, query, words, result.total)
    if not forgiven:
        return strict, result
    forgiving = replace(
        query, typos=frozenset(forgiven), most_typos=1 if result.total else query.most_typos
    )
    return forgiving, engine.search(forgiving)


def _may_be_misspelt(query: SearchQuery) -> Iterator[str]:
    """Yield the words that may be misspelt."""
    for clause in read_query(replace(query, typos=True)).must:
        words: tuple[Word, ...] = (clause,) if isinstance(clause, Word) else ()
        if isinstance(clause, Name | Party):
            words = clause.words
        yield from (word.text for word in words if word.typos)


def _rarest(engine: SearchEngine, query: SearchQuery, words: list[str], found: int) -> list[str]:
    """Return the three rarest of the words that few letters have, or the two rarest of all."""
    counts = {word: _count(engine, query, word) for word in words[:_MOST_WORDS]}
    rarest = sorted(counts, key=lambda word: counts[word])
    rare = [word for word in rarest if counts[word] < FEW][:_MOST_FORGIVEN]
    return rare if rare or found else rarest[:2]


def _count(engine: SearchEngine, query: SearchQuery, word: str) -> int:
    tokens = query.reader_tokens
    alone = SearchQuery(words=word, reader_tokens=tokens, typos=False, limit=1, facets=())
    return engine.search(alone).total
