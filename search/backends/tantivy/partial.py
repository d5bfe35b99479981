"""Letters with some clauses of a query: how many have each, and which have the heaviest."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import tantivy
from tantivy import Occur, Query

from search import ranking
from search.backends.tantivy.query import QueryBuilder
from search.backends.tantivy.rows import count_of, id_of, ids_of
from search.backends.tantivy.terms import any_of
from search.contract import Hit, PartialHit, SearchQuery, Stems
from search.query.parsing import Clause, ParsedQuery, read_query

# Tantivy's BM25 is k1 + 1 times that of Lucene.
_OF_TANTIVY: Final = 2.2


class PartialQueries(QueryBuilder):
    """Builds and runs such queries for one schema."""

    def counts(
        self, searcher: tantivy.Searcher, query: SearchQuery, parsed: ParsedQuery
    ) -> tuple[int, tuple[int, ...]]:
        """Count what holds without any clause, then the same with each of them by itself."""
        parts = self.holding(query, parsed)
        each = [(Occur.Must, self._unscored(self._clause(clause))) for clause in parsed.must]
        asked = [[*parts, one] for one in each]
        total, *counts = (count_of(searcher, Query.boolean_query(one)) for one in [parts, *asked])
        return total, tuple(counts)

    def with_some(
        self, searcher: tantivy.Searcher, query: SearchQuery, weights: Mapping[int, float]
    ) -> tuple[PartialHit, ...]:
        """Answer `SearchEngine.with_some`."""
        parsed = read_query(query)
        ids = ids_of(searcher, self._some(query, parsed, weights), limit=query.limit)
        held: dict[str, set[int]] = {key: set() for key in ids}
        for place, clause in enumerate(parsed.must if ids else ()):
            for key in ids_of(searcher, self._among(clause, ids), limit=len(ids)):
                held[key].add(place)
        return tuple(PartialHit(key, frozenset(places)) for key, places in held.items())

    def with_stems(
        self,
        searcher: tantivy.Searcher,
        query: SearchQuery,
        asked: Sequence[Stems],
    ) -> tuple[Hit, ...]:
        """Answer `SearchEngine.with_stems`."""
        if not (query.reader_tokens and asked):
            return ()
        best = [
            Query.disjunction_max_query(
                [
                    Query.boost_query(self._term("stems", stem), weight / _OF_TANTIVY)
                    for stem, weight in stems.items()
                ]
            )
            for stems in asked
        ]
        parts = self.holding(query, ParsedQuery())
        whole = Query.boolean_query([*parts, (Occur.Must, any_of(best))])
        found = searcher.search(whole, limit=query.limit, count=False)
        return tuple(Hit(id_of(searcher, place), float(score)) for score, place in found.hits)

    def _some(self, query: SearchQuery, parsed: ParsedQuery, weights: Mapping[int, float]) -> Query:
        parts, some = self.holding(query, parsed), []
        for place, clause in enumerate(parsed.must):
            asked = self._clause(clause)
            if place in weights:
                some.append(self._constant(asked, weights[place]))
                some.append(Query.boost_query(asked, ranking.AMONG_EQUALS))
            else:
                parts.append((Occur.Must, self._unscored(asked)))
        return Query.boolean_query([*parts, (Occur.Must, any_of(some))])

    def _among(self, clause: Clause, ids: Iterable[str]) -> Query:
        return Query.boolean_query(
            [
                (Occur.Must, self._unscored(self._any("id", ids))),
                (Occur.Must, self._unscored(self._clause(clause))),
            ]
        )
