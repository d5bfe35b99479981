"""The best letters of a frequent word on Tantivy: `search.backends.subject_first`."""

import math
from collections.abc import Sequence
from typing import Any, Final

import tantivy
from tantivy import Occur, Query

from search import ranking
from search.backends.subject_first import greatest_recency, only_word
from search.backends.tantivy.query import QueryBuilder
from search.backends.tantivy.rows import ranked
from search.backends.tantivy.terms import any_of
from search.contract import SearchQuery
from search.query.parsing import ParsedQuery, Word

_FREQUENT: Final = 20_000  # letters that are weighed in a millisecond
_RARER: Final = 4  # so many times fewer subjects than letters must have the word
_SATURATION: Final = 2.2  # k1 + 1 of Tantivy's BM25, which a word's repetitions never reach


class SubjectFirst:
    """Finds such letters by the queries of `builder`; a word is frequent in `frequent` letters."""

    def __init__(self, builder: QueryBuilder, *, frequent: int = _FREQUENT) -> None:
        self._builder = builder
        self._frequent = frequent

    def best(
        self,
        searcher: tantivy.Searcher,
        documents: int,
        query: SearchQuery,
        parsed: ParsedQuery,
        offset: int,
        limit: int,
    ) -> Sequence[tuple[Any, tantivy.DocAddress]] | None:
        """Return the scores and places of the best letters from `offset` on, None if unproven.

        `documents` are those of the index, the deleted ones that its segments still hold included.
        """
        word = self._frequent_word(searcher, parsed)
        if word is None:
            return None
        found = ranked(searcher, self._build(query, parsed, word), offset, limit, count=False)
        most = self._most_elsewhere(searcher, documents, word)
        enough = len(found.hits) == limit and found.hits[-1][0] > most
        return found.hits if enough else None

    def _frequent_word(self, searcher: tantivy.Searcher, parsed: ParsedQuery) -> Word | None:
        """Return the only word of a query where its letters are many and its subjects few."""
        word = only_word(parsed)
        if word is None:
            return None
        letters = searcher.doc_freq("words", word.text)
        subjects = searcher.doc_freq("subject", word.text)
        subjects += sum(searcher.doc_freq("subject_stems", stem) for stem in word.stems)
        return word if letters >= self._frequent and subjects * _RARER <= letters else None

    def _build(self, query: SearchQuery, parsed: ParsedQuery, word: Word) -> Query:
        """Build the query of the letters with the word in their subject, weighed as ever.

        What only weighs stands alone at each level: Tantivy then looks it up in the letters found,
        where of several at one level it goes through all.
        """
        weighed = any_of(self._builder.in_subject(word))
        for answer in self._builder.elsewhere(word):
            weighed = Query.boolean_query([(Occur.Must, weighed), (Occur.Should, answer)])
        holding = self._builder.holding(query, parsed)
        return Query.boolean_query([*holding, (Occur.Must, weighed)])

    def _most_elsewhere(self, searcher: tantivy.Searcher, documents: int, word: Word) -> float:
        """Return what a letter without the word in its subject weighs at most."""

        def most(field: str, value: str) -> float:
            if not (letters := searcher.doc_freq(field, value)):
                return 0.0
            return _SATURATION * math.log1p((documents - letters + 0.5) / (letters + 0.5))

        worth = ranking.WORD * most("words", word.text) + ranking.PEOPLE * most("people", word.text)
        of_stems = ranking.STEM + ranking.ATTACHED
        worth += of_stems * max(most("stems", stem) for stem in word.stems) + ranking.NAME
        return worth * greatest_recency()
