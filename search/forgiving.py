"""When typos are forgiven: where few letters have the words as typed, and never in numbers.

Looking for every word that is nearly the one typed is the dearest question there is. Where a page
is filled by letters that have the word itself, nobody would see what it finds.
"""

from dataclasses import replace
from typing import Final

from search.contract import SearchEngine, SearchQuery, SearchResult
from search.query import Name, Party, Word, read_query

# So many letters with the words as typed are enough.
FEW: Final = 50


def search_forgivingly(
    engine: SearchEngine, query: SearchQuery
) -> tuple[SearchQuery, SearchResult]:
    """The answer, and the question that was answered at last: its `typos` says which.

    A first page is asked for without typos, then with them when it finds few. A later page (with a
    cursor) is asked for as its query says. Raises what the engine raises.
    """
    if query.cursor:
        return query, engine.search(query)
    strict = replace(query, typos=False)
    result = engine.search(strict)
    if result.total >= FEW or not may_be_misspelt(query):
        return strict, result
    forgiving = replace(query, typos=True)
    return forgiving, engine.search(forgiving)


def may_be_misspelt(query: SearchQuery) -> bool:
    """Whether there is a word in the query in which a letter may be wrong."""
    for clause in read_query(replace(query, typos=True)).must:
        words: tuple[Word, ...] = (clause,) if isinstance(clause, Word) else ()
        if isinstance(clause, Name | Party):
            words = clause.words
        if any(word.typos for word in words):
            return True
    return False
