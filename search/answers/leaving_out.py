"""When no letter has all that was typed: the words without which letters are found.

People describe what they look for ("lettre Bennani", "أين وصل طلب الإدريسي") in words that the
letter itself has not. Such words go first, then those that no letter has, then of many the
commonest. Numbers, references, dates, phrases, beginnings, fields and exclusions never go.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from language.stems import indexed_forms
from language.words import DESCRIBING
from search.answers.forgiving import search_forgivingly
from search.contract import SearchEngine, SearchQuery, SearchResult
from search.query.parsing import Word, read_query

_MOST_WORDS: Final = 8
# Of so many clauses one may be missing.
_MANY: Final = 3
_DESCRIBING: Final = frozenset(form for word in DESCRIBING for form in indexed_forms(word))


def search_leaving_out(
    engine: SearchEngine, query: SearchQuery
) -> tuple[SearchQuery, SearchResult]:
    """The answer as `search_forgivingly` gives it; where it is empty, that to the first question
    with fewer words that has one: its `left_out` says which. Raises what the engine raises."""
    answer = search_forgivingly(engine, query)
    if answer[1].total or query.cursor:
        return answer
    for words in _ways(engine, query):
        shorter = search_forgivingly(engine, replace(query, left_out=words))
        if shorter[1].total:
            return shorter
    return answer


def _ways(engine: SearchEngine, query: SearchQuery) -> Iterator[frozenset[str]]:
    """What may be left out, the least telling first; always less than everything."""
    clauses = read_query(query).must
    words = [c.text for c in clauses if isinstance(c, Word) and c.text.isalpha()]
    describing = [word for word in words if _describes(word)]
    if 0 < len(describing) < len(clauses):
        yield frozenset(describing)
    telling = [word for word in words if word not in describing][:_MOST_WORDS]
    left = len(clauses) - len(describing)
    if left < 2 or not telling:
        return
    counts = {word: _count(engine, query, word) for word in telling}
    unknown = [word for word in telling if not counts[word]]
    left -= len(unknown)
    if unknown and left:
        yield frozenset([*describing, *unknown])
    known = sorted((word for word in telling if counts[word]), key=lambda word: -counts[word])
    if left >= _MANY:
        yield from (frozenset([*describing, *unknown, word]) for word in known)


def _describes(word: str) -> bool:
    return not _DESCRIBING.isdisjoint(indexed_forms(word))


def _count(engine: SearchEngine, query: SearchQuery, word: str) -> int:
    """How many letters of this person have the word alone, a letter or two wrong as well."""
    alone = SearchQuery(words=word, reader_tokens=query.reader_tokens, limit=1, facets=())
    return search_forgivingly(engine, alone)[1].total
