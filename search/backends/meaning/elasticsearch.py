"""The vector index in Elasticsearch: one document for each vector of a letter.

It is an index of its own beside the letters' one, searched by kNN with the reader's tokens as a
filter inside it.
"""

import contextlib
import itertools
import time
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from search.backends.elasticsearch.client import Connection, NotFound, connect, plainly
from search.backends.elasticsearch.indexes import LEASE_SECONDS, Indexes
from search.contract import EngineError, EngineState, EngineUnavailable
from search.meaning_contract import (
    MOST_VECTORS,
    SIZE,
    Meaning,
    MeaningBuild,
    Near,
    best_of,
    check_question,
)

_CHUNK: Final = 100  # letters of one bulk request: about 200 kB
_CANDIDATES: Final = 400
_REMOVAL_TRIES: Final = 5
_OUTDATED: Final = "the index of meanings is of another version: run rebuild_meaning"
Row = tuple[str, int, dict[str, Any]]


def mappings() -> dict[str, Any]:
    """Return a strict mapping, as the letters' index; vectors are signed bytes, kept once."""
    keyword = {"type": "keyword"}
    graph = {"type": "hnsw", "m": 16, "ef_construction": 100}
    return {
        "dynamic": "strict",
        "_source": {"includes": ["letter", "position", "version"]},
        "properties": {
            "letter": keyword,
            "position": {"type": "byte"},
            "version": {"type": "long"},
            "readers": keyword,
            "vector": {
                "type": "dense_vector",
                "dims": SIZE,
                "element_type": "byte",
                "index": True,
                "similarity": "cosine",
                "index_options": graph,
            },
        },
    }


class _MeaningIndexes(Indexes):
    """The aliases of the letters' index with the suffix "-meaning"."""

    def __init__(self, connection: Connection, version: int) -> None:
        super().__init__(replace(connection, alias=f"{connection.alias}-meaning"))
        self._version = version

    def usable(self, index: str) -> bool:
        """Return whether that index holds vectors of this model."""
        return self._meta(index).items() >= self._present().items()

    def _mappings(self) -> dict[str, Any]:
        return mappings()

    def _present(self) -> dict[str, Any]:
        return {"schema": self._version}


class ElasticsearchMeaning:
    """The vector index in Elasticsearch; the server is not contacted until needed.

    `url` as in `elasticsearch_client.connect`.
    """

    def __init__(self, url: str, *, version: int) -> None:
        connection = connect(url)
        self._client = connection.client
        self._indexes = _MeaningIndexes(connection, version)
        self._usable: dict[str, bool] = {}

    def state(self) -> EngineState:
        with plainly():
            current = self._indexes.current()
            if current is None:
                return "missing"
            return "ready" if self._is_usable(current) else "outdated"

    def settle(self) -> None:
        with plainly(), contextlib.suppress(NotFound):
            self._client.indices.refresh(index=self._indexes.alias)

    def put(self, letters: Iterable[Meaning]) -> int:
        written = 0
        for chunk in _chunks(letters):
            rows = [row for one in chunk for row in _rows(one)]
            with plainly():
                written += max(len(self._bulk(index, rows)) for index in self._written_to())
        return written

    def remove(self, ids: Iterable[str]) -> None:
        for chunk in _chunks(ids):
            with plainly():
                self._remove(chunk)

    def _remove(self, ids: list[str]) -> None:
        """Remove letters; repeat while newer versions arrive between read and write."""
        left = ids
        for _ in range(_REMOVAL_TRIES):
            targets = self._written_to()
            versions = dict.fromkeys(left, 0)
            for index in targets:
                answer = self._client.mget(index=index, ids=[f"{key}-0" for key in left])
                for doc in answer["docs"]:
                    if doc.get("found"):
                        key = doc["_source"]["letter"]
                        versions[key] = max(versions[key], int(doc["_version"]))
            rows = [
                row
                for key, seen in versions.items()
                for row in _rows(Meaning(id=key, version=seen + 1, vectors=(), reader_tokens=()))
            ]
            done = [self._bulk(index, rows) for index in targets]
            left = [key for key in left if not all(key in written for written in done)]
            if not left:
                return
        raise EngineUnavailable("the letters to remove keep changing")

    def nearest(
        self,
        vectors: Sequence[bytes],
        *,
        reader_tokens: Collection[str],
        limit: int,
        floor: float,
    ) -> list[Near]:
        check_question(vectors, limit)
        if not reader_tokens:
            return []
        with plainly():
            current = self._indexes.current()
            if current is None:
                return []
            if not self._is_usable(current):
                raise EngineUnavailable(_OUTDATED)
            found = [
                near
                for vector in vectors
                for near in self._near(vector, sorted(reader_tokens), limit, floor)
            ]
        return best_of(found, limit)

    def _near(self, vector: bytes, tokens: list[str], limit: int, floor: float) -> Iterator[Near]:
        """Yield the nearest letters.

        A letter has at most four vectors, so four times the limit is always enough.
        """
        wanted = limit * MOST_VECTORS
        answer = self._client.search(
            index=self._indexes.alias,
            knn={
                "field": "vector",
                "query_vector": np.frombuffer(vector, dtype=np.int8).tolist(),
                "k": wanted,
                "num_candidates": max(_CANDIDATES, 2 * wanted),
                "similarity": floor,
                "filter": {"terms": {"readers": tokens}},
            },
            size=wanted,
            source={"includes": ["letter", "position"]},
            allow_partial_search_results=False,
        )
        for hit in answer["hits"]["hits"]:
            source = hit["_source"]
            yield Near(source["letter"], 2 * float(hit["_score"]) - 1, int(source["position"]))

    @contextlib.contextmanager
    def rebuild(self) -> Iterator[MeaningBuild]:
        holder = uuid.uuid4().hex
        with plainly():
            fresh, _place = self._indexes.create_building(holder=holder, anew=True)
        try:
            yield _Build(self, fresh, holder)
        except BaseException:
            with contextlib.suppress(EngineError), plainly():
                self._indexes.drop(fresh)
            raise
        with plainly():
            self._indexes.swap(fresh)

    def _written_to(self) -> list[str]:
        current = self._indexes.current() or self._indexes.create_first()
        indexes = dict.fromkeys(index for index in (current, self._indexes.building()) if index)
        usable = [index for index in indexes if self._is_usable(index)]
        if not usable:
            raise EngineUnavailable(_OUTDATED)
        return usable

    def _is_usable(self, index: str) -> bool:
        """Return whether the index can be used, read once: a mapping never changes its version."""
        if index not in self._usable:
            self._usable[index] = self._indexes.usable(index)
        return self._usable[index]

    def _bulk(self, index: str, rows: list[Row]) -> set[str]:
        """Write what is not older; return the letters written."""
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
                raise EngineError(f"Elasticsearch refuses a vector: {item['error']['type']}")
        return {item["_id"].rpartition("-")[0] for item in items if item["status"] < 300}


class _Build:
    """The index being rebuilt; its holder sends a sign of life every half minute."""

    def __init__(self, engine: ElasticsearchMeaning, index: str, holder: str) -> None:
        self._engine = engine
        self._index = index
        self._holder = holder
        self._renewed = time.monotonic()

    def put(self, letters: Iterable[Meaning]) -> int:
        written = 0
        for chunk in _chunks(letters):
            rows = [row for one in chunk for row in _rows(one)]
            with plainly():
                written += len(self._engine._bulk(self._index, rows))
                self._renew_lease()
        return written

    def _renew_lease(self) -> None:
        if time.monotonic() - self._renewed > LEASE_SECONDS / 4:
            self._engine._indexes.keep_place(self._index, "", holder=self._holder)
            self._renewed = time.monotonic()


def _rows(letter: Meaning) -> Iterator[Row]:
    """Yield always four documents: a vector the letter no longer has is empty and unreadable."""
    for position in range(MOST_VECTORS):
        source: dict[str, Any] = {
            "letter": letter.id,
            "position": position,
            "version": letter.version,
        }
        if position < len(letter.vectors) and any(letter.vectors[position]):
            vector = np.frombuffer(letter.vectors[position], dtype=np.int8)
            source |= {"vector": vector.tolist(), "readers": list(letter.reader_tokens)}
        yield f"{letter.id}-{position}", letter.version, source


def _chunks(things: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(things)
    while chunk := list(itertools.islice(left, _CHUNK)):
        yield chunk
