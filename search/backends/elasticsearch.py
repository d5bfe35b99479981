"""The engine for more than one machine: Elasticsearch 9, through its official client."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

import elasticsearch
from elasticsearch import Elasticsearch

from search.analysis import analyse
from search.backends.elasticsearch_client import NotFound, connect, plainly
from search.backends.elasticsearch_index import to_source, tombstone
from search.backends.elasticsearch_indexes import Indexes
from search.backends.elasticsearch_query import build_facets, build_post_filter, build_query
from search.contract import (
    Capabilities,
    EngineError,
    EngineState,
    EngineUnavailable,
    Hit,
    IndexBuild,
    SearchDocument,
    SearchQuery,
    SearchResult,
)
from search.cursors import read_cursor, write_cursor
from search.query import ParsedQuery, read_query

_CHUNK: Final = 200
_REMOVAL_TRIES: Final = 5
_KEPT_OPEN: Final = "2m"
_NEWEST: Final = "elasticsearch:newest"
_RELEVANCE: Final = "elasticsearch:relevance"
_OUTDATED: Final = "the search index is of another version: run rebuild_index"


class ElasticsearchEngine:
    """`url` as in `elasticsearch_client.connect`; nothing is asked of the server until needed."""

    def __init__(self, url: str) -> None:
        connection = connect(url)
        self._client: Elasticsearch = connection.client
        self._indexes = Indexes(connection)
        self._usable: dict[str, bool] = {}

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            name="elasticsearch",
            many_machines=True,
            deepest_by_relevance=2**31,
            seconds_until_visible=1.0,
        )

    def state(self) -> EngineState:
        with plainly():
            current = self._indexes.current()
            if current is None:
                return "missing"
            return "ready" if self._is_usable(current) else "outdated"

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """See `SearchEngine.put`. Written by bulk requests of 200."""
        written = 0
        for chunk in _chunks(documents):
            rows = [(doc.id, doc.version, to_source(doc, analyse(doc))) for doc in chunk]
            with plainly():
                written += max(len(self._bulk(index, rows)) for index in self._written_to())
        return written

    def remove(self, ids: Iterable[str]) -> None:
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), _CHUNK):
            with plainly():
                self._remove(wanted[start : start + _CHUNK])

    def _remove(self, ids: list[str]) -> None:
        """Again while newer versions keep arriving between the look and the write."""
        left = ids
        for _ in range(_REMOVAL_TRIES):
            targets = self._written_to()
            versions = dict.fromkeys(left, 0)
            for index in targets:
                for identity, version in self._versions(index, left).items():
                    versions[identity] = max(versions[identity], version)
            rows = [(key, seen + 1, tombstone(key, seen + 1)) for key, seen in versions.items()]
            done = [self._bulk(index, rows) for index in targets]
            left = [key for key in left if not all(key in written for written in done)]
            if not left:
                return
        raise EngineUnavailable("the documents to remove keep changing")

    def settle(self) -> None:
        with plainly(), contextlib.suppress(NotFound):
            self._client.indices.refresh(index=self._indexes.alias)

    def search(self, query: SearchQuery) -> SearchResult:
        parsed = read_query(query)
        if not query.reader_tokens or parsed.hopeless:
            return SearchResult()
        with plainly():
            current = self._indexes.current()
            if current is None:
                return SearchResult()
            if not self._is_usable(current):
                raise EngineUnavailable(_OUTDATED)
            by_time = query.order == "newest" or not (parsed.must or parsed.number)
            return self._page(query, parsed, "newest" if by_time else "relevance")

    @contextlib.contextmanager
    def rebuild(self) -> Iterator[IndexBuild]:
        with plainly():
            fresh = self._indexes.create_building()
        try:
            yield _Build(self, fresh)
        except BaseException:
            with contextlib.suppress(EngineError), plainly():
                self._indexes.drop(fresh)
            raise
        with plainly():
            self._client.indices.refresh(index=fresh)
            self._indexes.swap(fresh)

    def _written_to(self) -> list[str]:
        current = self._indexes.current() or self._indexes.create_first()
        indexes = dict.fromkeys(index for index in (current, self._indexes.building()) if index)
        usable = [index for index in indexes if self._is_usable(index)]
        if not usable:
            raise EngineUnavailable(_OUTDATED)
        return usable

    def _is_usable(self, index: str) -> bool:
        """Asked once for each index: a mapping never changes its version."""
        if index not in self._usable:
            self._usable[index] = self._indexes.usable(index)
        return self._usable[index]

    def _bulk(self, index: str, rows: list[tuple[str, int, dict[str, Any]]]) -> set[str]:
        """Write what is not older; returns the ids written. A conflict is an older version."""
        operations: list[dict[str, Any]] = []
        for identity, version, source in rows:
            action = {"_id": identity, "version": version, "version_type": "external_gte"}
            operations += [{"index": action}, source]
        answer = self._client.bulk(index=index, operations=operations, require_alias=False)
        items = [item["index"] for item in answer["items"]]
        for item in items:
            if item["status"] in (429, 502, 503, 504):
                raise EngineUnavailable(f"Elasticsearch could not write now: {item['status']}")
            if item["status"] >= 400 and item["status"] != 409:
                raise EngineError(f"Elasticsearch refuses a document: {item['error']['type']}")
        return {item["_id"] for item in items if item["status"] < 300}

    def _versions(self, index: str, ids: list[str]) -> dict[str, int]:
        answer = self._client.mget(index=index, ids=ids, source=False)
        return {doc["_id"]: int(doc["_version"]) for doc in answer["docs"] if doc.get("found")}

    def _page(
        self, query: SearchQuery, parsed: ParsedQuery, order: Literal["newest", "relevance"]
    ) -> SearchResult:
        body: dict[str, Any] = {
            "query": build_query(query, parsed),
            "post_filter": build_post_filter(query),
            "size": query.limit,
            "track_total_hits": True,
            "source": False,
            "sort": [{"sort_key": "desc"}],
        }
        kind = _NEWEST
        if order == "relevance":
            kind = _RELEVANCE
            body |= {"sort": [{"_score": "desc"}, {"sort_key": "desc"}], "track_scores": True}
        if not query.cursor:
            return self._ask(query, kind, body | {"aggs": build_facets(query)}, "")
        types: tuple[Any, ...] = (str, (int, float), int) if kind == _RELEVANCE else (str, int)
        view, *after = read_cursor(query.cursor, kind, types)
        body["search_after"] = after
        return self._ask(query, kind, body, view or self._open_view())

    def _open_view(self) -> str:
        """A frozen view (point in time), opened with the second page: most never ask for it."""
        answer = self._client.open_point_in_time(index=self._indexes.alias, keep_alive=_KEPT_OPEN)
        return str(answer["id"])

    def _ask(self, query: SearchQuery, kind: str, body: dict[str, Any], view: str) -> SearchResult:
        answer = self._search_view(body, view) if view else self._search_now(body)
        found = answer["hits"]["hits"]
        hits = tuple(Hit(hit["_id"], float(hit.get("_score") or 0.0)) for hit in found)
        cursor = ""
        if len(found) == query.limit:
            cursor = write_cursor(kind, [answer.get("pit_id", ""), *found[-1]["sort"]])
        elif view:
            self._close_view(answer.get("pit_id", view))
        facets = {
            name: {bucket["key"]: bucket["doc_count"] for bucket in counts["values"]["buckets"]}
            for name, counts in answer.get("aggregations", {}).items()
        }
        total = int(answer["hits"]["total"]["value"])
        if not query.cursor and len(hits) >= total:
            cursor = ""
        return SearchResult(total=total, hits=hits, facets=facets, next_cursor=cursor)

    def _search_now(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._client.search(
            index=self._indexes.alias, allow_partial_search_results=False, **body
        )
        return dict(answer.body)

    def _search_view(self, body: dict[str, Any], view: str) -> dict[str, Any]:
        """In the frozen view; in a new one when that was given up or its index replaced, which
        the server says as 404, or as 503 because no copy of it answers."""
        impatient = self._client.options(max_retries=0, retry_on_status=())
        try:
            answer = impatient.search(pit={"id": view, "keep_alive": _KEPT_OPEN}, **body)
        except elasticsearch.ApiError as error:
            if error.meta.status not in (400, 404, 503):
                raise
            fresh = {"id": self._open_view(), "keep_alive": _KEPT_OPEN}
            answer = self._client.search(pit=fresh, **body)
        return dict(answer.body)

    def _close_view(self, view: str) -> None:
        with contextlib.suppress(elasticsearch.ApiError, elasticsearch.TransportError):
            self._client.close_point_in_time(id=view)


class _Build:
    """The index beside, during a rebuild."""

    def __init__(self, engine: ElasticsearchEngine, index: str) -> None:
        self._engine = engine
        self._index = index

    def put(self, documents: Iterable[SearchDocument]) -> int:
        written = 0
        for chunk in _chunks(documents):
            rows = [(doc.id, doc.version, to_source(doc, analyse(doc))) for doc in chunk]
            with plainly():
                written += len(self._engine._bulk(self._index, rows))
        return written


def _chunks(documents: Iterable[SearchDocument]) -> Iterator[list[SearchDocument]]:
    chunk: list[SearchDocument] = []
    for document in documents:
        chunk.append(document)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
