"""Queries to an index of Elasticsearch: pages of letters with counts, several searches at once."""

import contextlib
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.exceptions import HTTP_EXCEPTIONS

from search.backends.elasticsearch import in_subject
from search.backends.elasticsearch.client import LATER, Pauses, plainly
from search.backends.elasticsearch.facets import build_counts, read_counts
from search.backends.elasticsearch.in_subject import best_letters, only_clause, three_searches
from search.backends.elasticsearch.query import QueryBuilder
from search.backends.later import Counted, Later
from search.contract import MOST_HITS, Hit, InvalidCursor, SearchQuery, SearchResult, Total
from search.cursors import read_cursor, write_cursor
from search.query.parsing import ParsedQuery

Json = dict[str, Any]
Facets = Mapping[str, Mapping[str, int]]
_KEPT_OPEN: Final = "2m"
_NEWEST: Final = "elasticsearch:newest"
_RELEVANCE: Final = "elasticsearch:relevance"
_RANKED: Final = QueryBuilder()
_WHOLE: Final[Json] = {"allow_partial_search_results": False}


class QueryRunner:
    """Searches the index behind an alias; `impatient` is the client while a person waits."""

    def __init__(
        self, client: Elasticsearch, impatient: Elasticsearch, alias: str, pauses: Pauses
    ) -> None:
        self._client = client
        self._impatient = impatient
        self._alias = alias
        self._pauses = pauses
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
        kind = _RELEVANCE if relevance else _NEWEST
        if not query.cursor:
            return self._first(query, parsed, kind, body, packed=packed)
        view, where = _read(query.cursor, kind)
        view = view or self._open_view(query)
        if relevance:  # in a view, what weighs the same comes in the order of the index
            body["sort"] = [{"_score": "desc"}]
        answer = self._in_view(query, body | where, view)
        if len(answer["hits"]["hits"]) < query.limit:
            self._close_view(answer.get("pit_id", view))
        return _result(query, kind, answer, _total(answer))

    def _first(
        self, query: SearchQuery, parsed: ParsedQuery, kind: str, body: Json, *, packed: bool
    ) -> SearchResult:
        """Fetch letters and counts in one request: the server works on all of it at a time."""
        options = _WHOLE | _copy_for(query)
        if not query.facets:
            answer = self.search_one(body | _copy_for(query))
            return _result(query, kind, answer, _total(answer))
        body |= {"track_total_hits": False}
        clause = only_clause(parsed) if kind == _RELEVANCE else None
        letters = three_searches(_RANKED, query, parsed, clause, body) if clause else [body]
        counting = build_counts(query, parsed, packed=packed)
        # Near words would be looked for twice. Without words the server mostly has the counts kept.
        if parsed.must and not query.typos:
            counting["terminate_after"] = in_subject.FREQUENT
        *answers, counted = self.search_many([*letters, counting], options)
        total, facets = self._counts(query, parsed, counted, packed=packed)
        best = best_letters(answers, query.limit) if clause else answers[0]
        return _result(query, kind, best or self.search_one(body | _copy_for(query)), total, facets)

    def _counts(
        self, query: SearchQuery, parsed: ParsedQuery, counted: Json, *, packed: bool
    ) -> tuple[Total, Facets]:
        """Return the counts; what was given up is counted beside the excerpts, and waited for."""
        if counted.get("terminated_early"):
            later = Later(self._beside.submit(self._count, query, parsed, packed=packed))
            return replace(_total(counted), counted=later.total), later
        counts = read_counts(query, counted) or self._count(query, parsed, packed=False)
        return Total(counts.total), counts.values

    def _count(self, query: SearchQuery, parsed: ParsedQuery, *, packed: bool) -> Counted:
        body = build_counts(query, parsed, packed=packed) | _copy_for(query)
        with plainly(), self._pauses:
            counted = read_counts(query, self.search_one(body))
        return counted or self._count(query, parsed, packed=False)

    def _open_view(self, query: SearchQuery) -> str:
        """Open a frozen view (point in time) with the second page: most searches never reach it."""
        answer = self._client.open_point_in_time(
            index=self._alias, keep_alive=_KEPT_OPEN, **_copy_for(query)
        )
        return str(answer["id"])

    def _in_view(self, query: SearchQuery, body: Json, view: str) -> Json:
        """Search in the frozen view, or in a new one when it was given up or its index replaced.

        The server says so as 404, or as 503 because no copy of it answers.
        """
        impatient = self._client.options(max_retries=0, retry_on_status=())
        try:
            answer = impatient.search(pit={"id": view, "keep_alive": _KEPT_OPEN}, **body)
        except ApiError as error:
            if error.meta.status not in (400, 404, 503):
                raise
            fresh = {"id": self._open_view(query), "keep_alive": _KEPT_OPEN}
            answer = self._client.search(pit=fresh, **body)
        return dict(answer.body)

    def _close_view(self, view: str) -> None:
        with contextlib.suppress(ApiError, TransportError):
            self._client.close_point_in_time(id=view)


def _copy_for(query: SearchQuery) -> Json:
    """Return the preference that sends all pages of one query to the same copy of the index.

    The copies number their documents differently, which is the order of documents of equal score.
    """
    words = query.words.encode(errors="surrogatepass")  # half a pair may have been typed
    return {"preference": f"words-{zlib.crc32(words)}"}


def _read(cursor: str, kind: str) -> tuple[str, Json]:
    """Return the view of a further page ("" for a second one), and where in it the page begins.

    A second page by relevance begins after so many letters: the score of a letter may have changed
    a little since the first one, which was fetched outside the view.
    """
    if kind == _NEWEST:
        view, *after = read_cursor(cursor, kind, (str, int))
        return view, {"search_after": after}
    view, shown, *after = read_cursor(cursor, kind, (str, int, (int, float), int))
    if not 0 <= shown <= MOST_HITS:
        raise InvalidCursor("this page marker is damaged")
    return view, {"from_": shown} if shown else {"search_after": after}


def _write(query: SearchQuery, kind: str, answer: Json) -> str:
    found, view = answer["hits"]["hits"], answer.get("pit_id", "")
    if kind == _NEWEST:
        return write_cursor(kind, [view, *found[-1]["sort"]])
    if query.cursor:
        return write_cursor(kind, [view, 0, *found[-1]["sort"]])
    return write_cursor(kind, ["", len(found), 0, 0])


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
        cursor = _write(query, kind, answer)
    # To ask whether counts are empty would wait for them.
    facets = {} if facets is None else facets
    return SearchResult(count=total, hits=hits, facets=facets, next_cursor=cursor)
