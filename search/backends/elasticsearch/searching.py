"""Queries to an index of Elasticsearch: pages of letters with counts, several searches at once."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

from elasticsearch import ApiError, Elasticsearch
from elasticsearch.exceptions import HTTP_EXCEPTIONS

from search.backends.deferred_counts import Counted, DeferredCounts
from search.backends.elasticsearch import in_subject
from search.backends.elasticsearch.client import LATER, Pauses, plainly
from search.backends.elasticsearch.facets import build_counts, read_counts
from search.backends.elasticsearch.in_subject import best_letters, only_clause, three_searches
from search.backends.elasticsearch.query import QueryBuilder
from search.backends.elasticsearch.views import NEWEST, RELEVANCE, Views, copy_for, next_cursor
from search.contract import Hit, SearchQuery, SearchResult, Total
from search.query.parsing import ParsedQuery

Json = dict[str, Any]
Facets = Mapping[str, Mapping[str, int]]
_RANKED: Final = QueryBuilder()
_WHOLE: Final[Json] = {"allow_partial_search_results": False}


class QueryRunner:
    """Searches the index behind an alias; `impatient` is the client while a person waits."""

    def __init__(
        self, client: Elasticsearch, impatient: Elasticsearch, alias: str, pauses: Pauses
    ) -> None:
        self._impatient = impatient
        self._alias = alias
        self._pauses = pauses
        self._views = Views(client, alias)
        self._beside = ThreadPoolExecutor(8, thread_name_prefix="facets")

    def search_one(self, body: Json) -> Json:
        """Return the answer to one search."""
        return dict(self._impatient.search(index=self._alias, **_WHOLE, **body).body)

    def search_many(self, bodies: Sequence[Json], options: Json = _WHOLE) -> list[Json]:
        """Return the answers to several searches of one request; raise `ApiError` where one failed.

        Once more where the server says "later", as the client does with whole requests.
        """
        lines = [line for body in bodies for line in (options, _as_sent(body))]
        for last in (False, True):
            answer = self._impatient.msearch(index=self._alias, searches=lines)
            found: list[Json] = list(answer["responses"])
            failed = next((one for one in found if one.get("error")), None)
            if failed is None:
                return found
            if last or failed["status"] not in LATER:
                raise _error(failed, answer.meta)
        raise AssertionError("unreachable")

    def page(self, query: SearchQuery, parsed: ParsedQuery, *, packed: bool) -> SearchResult:
        """Return the wanted page; a first one with its counts, `packed` as in `build_counts`."""
        relevance = query.order != "newest" and bool(parsed.must or parsed.number)
        body: Json = {
            "query": _RANKED.build(query, parsed),
            "size": query.limit,
            "track_total_hits": True,
            "source": False,
            # By score alone the server passes over what cannot be among the best.
            "sort": None if relevance else [{"sort_key": "desc"}],
        }
        kind = RELEVANCE if relevance else NEWEST
        if not query.cursor:
            return self._first(query, parsed, kind, body, packed=packed)
        answer = self._views.page(query, kind, body)
        return _result(query, kind, answer, _total(answer))

    def _first(
        self, query: SearchQuery, parsed: ParsedQuery, kind: str, body: Json, *, packed: bool
    ) -> SearchResult:
        """Fetch letters and counts in one request: the server works on all of it at a time."""
        options = _WHOLE | copy_for(query)
        if not query.facets:
            answer = self.search_one(body | copy_for(query))
            return _result(query, kind, answer, _total(answer))
        if query.typos and parsed.must and not query.filters:
            return self._weighed_and_counted(query, parsed, kind, body, packed=packed)
        body |= {"track_total_hits": False}
        clause = only_clause(parsed) if kind == RELEVANCE else None
        letters = three_searches(_RANKED, query, parsed, clause, body) if clause else [body]
        counting = build_counts(query, parsed, packed=packed)
        # Near words would be looked for twice. Without words the server mostly has the counts kept.
        if parsed.must and not query.typos:
            counting["terminate_after"] = in_subject.FREQUENT
        *answers, counted = self.search_many([*letters, counting], options)
        total, facets = self._counts(query, parsed, counted, packed=packed)
        best = best_letters(answers, query.limit) if clause else answers[0]
        return _result(query, kind, best or self.search_one(body | copy_for(query)), total, facets)

    def _weighed_and_counted(
        self, query: SearchQuery, parsed: ParsedQuery, kind: str, body: Json, *, packed: bool
    ) -> SearchResult:
        """Fetch letters and counts by one search: near words are looked for once."""
        counting = build_counts(query, parsed, packed=packed)
        answer = self.search_one(body | {"aggs": counting["aggs"]} | copy_for(query))
        counts = read_counts(query, answer) or self._count(query, parsed, packed=False)
        return _result(query, kind, answer, Total(counts.total), counts.values)

    def _counts(
        self, query: SearchQuery, parsed: ParsedQuery, counted: Json, *, packed: bool
    ) -> tuple[Total, Facets]:
        """Return the counts; what was given up is counted beside the excerpts, and waited for."""
        if counted.get("terminated_early"):
            later = DeferredCounts(self._beside.submit(self._count, query, parsed, packed=packed))
            return replace(_total(counted), counted=later.total), later
        counts = read_counts(query, counted) or self._count(query, parsed, packed=False)
        return Total(counts.total), counts.values

    def _count(self, query: SearchQuery, parsed: ParsedQuery, *, packed: bool) -> Counted:
        body = build_counts(query, parsed, packed=packed) | copy_for(query)
        with plainly(), self._pauses:
            counted = read_counts(query, self.search_one(body))
        return counted or self._count(query, parsed, packed=False)


def _as_sent(body: Json) -> Json:
    """Return a search as the server takes it: the client calls one of its parts otherwise."""
    sent = {name: value for name, value in body.items() if name != "source" and value is not None}
    return sent | ({"_source": body["source"]} if "source" in body else {})


def _error(failed: Json, meta: Any) -> ApiError:
    status = int(failed["status"])
    kind = HTTP_EXCEPTIONS.get(status, ApiError)
    return kind(
        str(failed["error"].get("type", "")), meta=replace(meta, status=status), body=failed
    )


def _total(answer: Json) -> Total:
    return Total(int(answer["hits"]["total"]["value"]))


def _result(
    query: SearchQuery, kind: str, answer: Json, total: Total, facets: Facets | None = None
) -> SearchResult:
    found = answer["hits"]["hits"]
    hits = tuple(Hit(hit["_id"], float(hit.get("_score") or 0.0)) for hit in found)
    cursor = ""
    if len(found) == query.limit and (query.cursor or total.exceeds(len(hits))):
        cursor = next_cursor(query, kind, answer)
    # To ask whether counts are empty would wait for them.
    facets = {} if facets is None else facets
    return SearchResult(count=total, hits=hits, facets=facets, next_cursor=cursor)
