"""Queries to an open Tantivy index: pages of letters with their counts, and counts alone."""

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import tantivy

from search.backends.answer_cache import AnswerCache, question_of
from search.backends.deferred_counts import Counted, DeferredCounts
from search.backends.tantivy.cached_pages import page_of
from search.backends.tantivy.in_subject import SubjectFirst
from search.backends.tantivy.query import QueryBuilder
from search.backends.tantivy.rows import best_of, count_of, count_values, id_of, plainly
from search.backends.tantivy.sets import SetQueries
from search.contract import Hit, InvalidCursor, SearchQuery, SearchResult, Total
from search.cursors import read_cursor, write_cursor
from search.query.parsing import ParsedQuery, read_query

_DEEPEST: Final = 100_000
_NEWEST: Final = "tantivy:newest"
_RELEVANCE: Final = "tantivy:relevance"


@dataclass(frozen=True)
class OpenIndex:
    """An index as a process has it open, with what its last commit has answered."""

    process: int
    path: Path
    index: tantivy.Index
    commit: tuple[int, int]
    documents: int  # those that are only marked as deleted included
    # Counts beside the hits: Tantivy works without Python's lock.
    beside: ThreadPoolExecutor
    kept: AnswerCache


class QueryRunner:
    """Searches an index of this schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self.queries = QueryBuilder(schema)
        self.sets = SetQueries(schema)
        self._subject_first = SubjectFirst(self.queries)

    def search(
        self, searcher: tantivy.Searcher, held: OpenIndex, query: SearchQuery, parsed: ParsedQuery
    ) -> SearchResult:
        """Return the wanted page; a first one with its counts."""
        by_time = query.order == "newest" or not (parsed.must or parsed.number)
        counts = None
        if query.facets and not query.cursor:
            asked = ("facets", query.facets, question_of(query))
            count = partial(self._facets, searcher, query, parsed)
            counts = DeferredCounts(held.beside.submit(_counted, held.kept, asked, count))
        if by_time:
            total, hits, cursor = self._by_time(held, searcher, query, parsed)
        else:
            total, hits, cursor = self._by_relevance(held, searcher, query, parsed, counts)
        facets = {} if counts is None else counts  # to ask whether it is empty would wait for it
        return SearchResult(count=total, hits=hits, facets=facets, next_cursor=cursor)

    def _by_relevance(
        self,
        held: OpenIndex,
        searcher: tantivy.Searcher,
        query: SearchQuery,
        parsed: ParsedQuery,
        counts: DeferredCounts | None,
    ) -> tuple[Total, tuple[Hit, ...], str]:
        offset = read_cursor(query.cursor, _RELEVANCE, (int,))[0] if query.cursor else 0
        if not 0 <= offset <= _DEEPEST:
            raise InvalidCursor("this page is too far down: search more narrowly, or by date")
        best = partial(self._best, held, searcher, query, parsed, counts)
        total, wanted = page_of(held.kept, query, offset, best)
        if counts is not None and total.counted is not None:  # what is kept may wait for a failure
            total = replace(total, counted=counts.total)
        hits = tuple(Hit(id_of(searcher, place), float(score)) for score, place in wanted)
        after = offset + len(hits)
        more = hits and after < _DEEPEST and total.exceeds(after)
        return total, hits, write_cursor(_RELEVANCE, [after]) if more else ""

    def _best(
        self,
        held: OpenIndex,
        searcher: tantivy.Searcher,
        query: SearchQuery,
        parsed: ParsedQuery,
        counts: DeferredCounts | None,
        offset: int,
        limit: int,
    ) -> tuple[Total, Sequence[tuple[Any, tantivy.DocAddress]]]:
        """Return how many letters answer, and the best of them from `offset` on."""
        best = self._subject_first.best(searcher, held.documents, query, parsed, offset, limit)
        if best is not None:
            if counts is None:
                return Total(self.count(searcher, held.kept, query)), best
            return Total(offset + len(best), counts.total), best
        total, best = best_of(searcher, self.queries.build(query, parsed), offset, limit)
        return Total(total), best

    def _by_time(
        self,
        held: OpenIndex,
        searcher: tantivy.Searcher,
        query: SearchQuery,
        parsed: ParsedQuery,
    ) -> tuple[Total, tuple[Hit, ...], str]:
        page = whole = self.sets.build(query, parsed)
        total = None
        if query.cursor:
            (last,) = read_cursor(query.cursor, _NEWEST, (int,))
            if not 0 <= last < 2**63:
                raise InvalidCursor("this page marker is damaged")
            older = self.queries.range("sort_key", 0, last)
            page = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, whole), (tantivy.Occur.Must, older)]
            )
            total = self.count(searcher, held.kept, query)
        found = searcher.search(page, limit=query.limit, order_by_field="sort_key")
        left = int(getattr(found, "count", 0) or 0)
        hits = tuple(Hit(id_of(searcher, place), 0.0) for _, place in found.hits)
        more = hits and left > len(hits)
        cursor = write_cursor(_NEWEST, [int(found.hits[-1][0])]) if more else ""
        return Total(left if total is None else total), hits, cursor

    def count(self, searcher: tantivy.Searcher, kept: AnswerCache, query: SearchQuery) -> int:
        """Return how many letters a query finds."""
        parsed, asked = read_query(query), question_of(query)
        if not query.reader_tokens or parsed.hopeless:
            return 0
        best = kept.get(("best", 0, asked))
        # A total that is still counted would be waited for in the threads that count it.
        if best is not None and best[0].counted is None:
            return int(best[0])
        count = partial(count_of, searcher, self.sets.build(query, parsed))
        return kept.answer(("count", asked), count)

    def _facets(
        self, searcher: tantivy.Searcher, query: SearchQuery, parsed: ParsedQuery
    ) -> Counted:
        today = query.today.toordinal() if query.today else 0
        asked = [name for name in query.facets if name != "overdue" or today]
        together = [name for name in asked if name not in query.filters]
        whole = self.sets.build(query, parsed)
        total, values = count_values(searcher, whole, together, today=today)
        for name in asked:
            if name in query.filters:
                wider = self.sets.build(query, parsed, without=name)
                values = {**values, **count_values(searcher, wider, [name]).values}
        return Counted(total, values)


def _counted(kept: AnswerCache, asked: Hashable, count: Callable[[], Counted]) -> Counted:
    with plainly():
        return kept.answer(asked, count)
