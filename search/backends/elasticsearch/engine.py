"""The engine for more than one machine: Elasticsearch 9, through its official client."""

import contextlib
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from elasticsearch import Elasticsearch

from search.analysis.document_terms import analyse
from search.analysis.versions import Stamp
from search.backends.elasticsearch import partial
from search.backends.elasticsearch.build import ElasticsearchBuild
from search.backends.elasticsearch.bulk import Bulk, SwappedError, bulks
from search.backends.elasticsearch.client import NotFound, Pauses, connect, plainly
from search.backends.elasticsearch.indexes import Indexes
from search.backends.elasticsearch.mapping import to_source, tombstone
from search.backends.elasticsearch.searching import QueryRunner
from search.contract import (
    EngineError,
    EngineState,
    EngineUnavailable,
    Hit,
    IndexBuild,
    PartialHit,
    SearchDocument,
    SearchQuery,
    SearchResult,
    Stems,
)
from search.query.parsing import read_query

_CHUNK: Final = 200
_REMOVAL_TRIES: Final = 5
_LOOK_AGAIN: Final = 3.0
_OUTDATED: Final = "the search index is of another version: run rebuild_index"


class ElasticsearchEngine:
    """The Elasticsearch engine; the server is not contacted until needed.

    `url` as in `elasticsearch_client.connect`.
    """

    def __init__(self, url: str) -> None:
        connection = connect(url)
        self._client: Elasticsearch = connection.client
        # A person waits for the answer: no retry after a timeout.
        self._impatient = self._client.options(max_retries=1, retry_on_timeout=False)
        self._indexes = Indexes(connection)
        self._indexes_at_once = Indexes(replace(connection, client=self._impatient))
        self._stamps: dict[str, Stamp] = {}
        self._extended: set[str] = set()
        self._looked_up: tuple[str | None, float] = (None, 0.0)
        self._pauses = Pauses()
        self._asking = QueryRunner(
            connection.client, self._impatient, connection.alias, self._pauses
        )

    @property
    def name(self) -> str:
        return "elasticsearch"

    def state(self) -> EngineState:
        with plainly():
            current = self._indexes.current()
            return self._stamp(current).state if current else "missing"

    def known(self, beginning: str, *, limit: int) -> Mapping[str, int]:
        alive: list[dict[str, Any]] = [{"exists": {"field": "sort_key"}}]
        if beginning:
            alive.append({"prefix": {"id": beginning}})
        with plainly():
            if not self._indexes.current():
                return {}
            answer = self._client.search(
                index=self._indexes.alias,
                query={"bool": {"filter": alive}},
                size=limit,
                source={"includes": ["id", "version"]},
                track_total_hits=False,
                allow_partial_search_results=False,
            )
        found = (hit["_source"] for hit in answer["hits"]["hits"])
        return {str(one["id"]): int(one["version"]) for one in found}

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """Write by bulk requests of some megabytes; see `SearchEngine.put`."""
        rows = ((doc.id, doc.version, to_source(doc, analyse(doc))) for doc in documents)
        with plainly():
            return sum(max(len(ids) for ids in self._everywhere(bulk)) for bulk in bulks(rows))

    def remove(self, ids: Iterable[str]) -> None:
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), _CHUNK):
            with plainly():
                self._remove(wanted[start : start + _CHUNK])

    def _remove(self, ids: list[str]) -> None:
        """Remove documents; repeat while newer versions arrive between read and write."""
        left = ids
        for _ in range(_REMOVAL_TRIES):
            versions = dict.fromkeys(left, 0)
            for alias in self._written_to():
                for identity, version in self._versions(alias, left).items():
                    versions[identity] = max(versions[identity], version)
            rows = ((key, seen + 1, tombstone(key, seen + 1)) for key, seen in versions.items())
            for bulk in bulks(rows):
                done = self._everywhere(bulk)
                left = [key for key in left if not all(key in written for written in done)]
            if not left:
                return
        raise EngineUnavailable("the documents to remove keep changing")

    def settle(self) -> None:
        with plainly(), contextlib.suppress(NotFound):
            self._client.indices.refresh(index=self._indexes.alias)

    def merge(self) -> None:
        with plainly(), contextlib.suppress(NotFound):
            self._indexes.merge(self._indexes.alias)

    def search(self, query: SearchQuery) -> SearchResult:
        parsed = read_query(query)
        if not query.reader_tokens or parsed.hopeless:
            return SearchResult()
        if not self._can_answer():
            return SearchResult()
        with plainly(), self._pauses:
            return self._asking.page(query, parsed, packed=self._has_packed())

    def counts(self, queries: Sequence[SearchQuery]) -> tuple[int, ...]:
        parsed = [read_query(query) for query in queries]
        asked = {
            place: partial.counted(query, parsed[place])
            for place, query in enumerate(queries)
            if query.reader_tokens and not parsed[place].hopeless
        }
        if not (asked and self._can_answer()):
            return (0,) * len(queries)
        with plainly(), self._pauses:
            answers = self._asking.search_many(list(asked.values()))
        found = (int(answer["hits"]["total"]["value"]) for answer in answers)
        counts = dict(zip(asked, found, strict=True))
        return tuple(counts.get(place, 0) for place in range(len(queries)))

    def clause_counts(self, query: SearchQuery) -> tuple[int, tuple[int, ...]]:
        parsed = read_query(query)
        nothing = (0, (0,) * len(parsed.must))
        if not (query.reader_tokens and self._can_answer()):
            return nothing
        with plainly(), self._pauses:
            answer = self._asking.search_one(partial.counting(query, parsed))
        counted = answer.get("aggregations", {}).get("clauses", {}).get("buckets", {})
        counts = (int(counted[str(place)]["doc_count"]) for place in range(len(parsed.must)))
        return int(answer["hits"]["total"]["value"]), tuple(counts)

    def with_some(self, query: SearchQuery, weights: Mapping[int, float]) -> tuple[PartialHit, ...]:
        parsed = read_query(query)
        if not (query.reader_tokens and weights and self._can_answer()):
            return ()
        with plainly(), self._pauses:
            answer = self._asking.search_one(
                partial.few(query, partial.build_some(query, parsed, weights))
            )
        return tuple(
            PartialHit(hit["_id"], frozenset(map(int, hit.get("matched_queries", ()))))
            for hit in answer["hits"]["hits"]
        )

    def with_stems(self, query: SearchQuery, asked: Sequence[Stems]) -> tuple[Hit, ...]:
        if not (query.reader_tokens and asked and self._can_answer()):
            return ()
        with plainly(), self._pauses:
            answer = self._asking.search_one(partial.few(query, partial.build_stems(query, asked)))
        return tuple(Hit(hit["_id"], float(hit["_score"])) for hit in answer["hits"]["hits"])

    def _can_answer(self) -> bool:
        """Return whether there is an index; raise EngineUnavailable for an outdated one."""
        with plainly(), self._pauses:
            current = self._answering()
            if current is not None and not self._stamp(current).usable:
                raise EngineUnavailable(_OUTDATED)
            return current is not None

    def _has_packed(self) -> bool:
        """Return whether each letter has the fields of facets together, as a ready index has."""
        current = self._answering()
        return current is not None and self._stamp(current).state == "ready"

    @contextlib.contextmanager
    def rebuild(self, *, anew: bool = False) -> Iterator[IndexBuild]:
        holder = uuid.uuid4().hex
        with plainly():
            fresh, place = self._indexes.create_building(holder=holder, anew=anew)
        build = ElasticsearchBuild(self._client, self._indexes, fresh, place, holder)
        try:
            yield build
            with plainly():
                self._indexes.swap(fresh)
        except BaseException:
            with contextlib.suppress(EngineError), plainly():
                build.leave()
            raise
        with contextlib.suppress(EngineError):  # else the next night does it
            self.merge()

    def _everywhere(self, bulk: Bulk) -> list[set[str]]:
        """Write to each existing index; once more when one was swapped meanwhile."""
        for last in (False, True):
            try:
                return [bulk.write(self._client, alias) for alias in self._written_to()]
            except SwappedError:
                if last:
                    raise
        raise AssertionError("unreachable")

    def _written_to(self) -> list[str]:
        """Return the aliases that take new documents."""
        current, building = self._indexes.both()
        if not current:
            current = self._indexes.create_first()
        aliases = {self._indexes.alias: current, self._indexes.building_alias: building}
        usable = [name for name, index in aliases.items() if index and self._can_write(index)]
        if not usable:
            raise EngineUnavailable(_OUTDATED)
        return usable

    def _can_write(self, index: str) -> bool:
        """Return whether that index takes this program's letters; an aged one lacks fields."""
        stamp = self._stamp(index)
        if stamp.state == "aged" and index not in self._extended:
            self._indexes.add_fields(index)
            self._extended.add(index)
        return stamp.usable

    def _answering(self) -> str | None:
        """Return the active index, resolved again after some seconds."""
        now = time.monotonic()
        name, looked_at = self._looked_up
        if name is None or now - looked_at > _LOOK_AGAIN:
            name = self._indexes_at_once.current()
            self._looked_up = (name, now)
        return name

    def _stamp(self, index: str) -> Stamp:
        """Return the index's versions, read once: a mapping never changes them."""
        if index not in self._stamps:
            self._stamps[index] = self._indexes.stamp(index)
        return self._stamps[index]

    def _versions(self, index: str, ids: list[str]) -> dict[str, int]:
        answer = self._client.mget(index=index, ids=ids, source=False)
        return {doc["_id"]: int(doc["_version"]) for doc in answer["docs"] if doc.get("found")}
