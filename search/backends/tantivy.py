"""The embedded engine: Tantivy in a folder, shared by web, worker and command line.

A writer lives only as long as one `put`: lock, open, add, commit, close. A reader looks for
something newer before each search. A process killed at any point leaves the last commit.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import tantivy

from search.analysis import SCHEMA_VERSION, analyse
from search.backends.tantivy_query import QueryBuilder
from search.backends.tantivy_rows import (
    chunks,
    count_values,
    id_of,
    open_index,
    plainly,
    versions_of,
    write,
)
from search.backends.tantivy_schema import build_schema, to_tantivy, tombstone
from search.backends.tantivy_store import TantivyStore
from search.contract import (
    Capabilities,
    EngineState,
    EngineUnavailable,
    Hit,
    IndexBuild,
    InvalidCursor,
    SearchDocument,
    SearchQuery,
    SearchResult,
)
from search.cursors import read_cursor, write_cursor
from search.query import ParsedQuery, read_query

_DEEPEST: Final = 100_000
_NEWEST: Final = "tantivy:newest"
_RELEVANCE: Final = "tantivy:relevance"
_T = TypeVar("_T")


@dataclass(frozen=True)
class _OpenIndex:
    process: int
    path: Path
    index: tantivy.Index


class TantivyEngine:
    """`folder` is made when first needed; `wait_seconds` bounds how long a writer waits."""

    def __init__(self, folder: Path, *, wait_seconds: float = 15.0) -> None:
        self._store = TantivyStore(folder, schema_version=SCHEMA_VERSION, wait_seconds=wait_seconds)
        self._schema = build_schema()
        self._queries = QueryBuilder(self._schema)
        self._open: _OpenIndex | None = None
        self._opening = threading.Lock()

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            name="tantivy",
            many_machines=False,
            deepest_by_relevance=_DEEPEST,
            seconds_until_visible=0.0,
        )

    def state(self) -> EngineState:
        current = self._store.current()
        if current is None:
            return "missing"
        return "ready" if self._store.usable(current) else "outdated"

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """See `SearchEngine.put`. Writes in chunks of 500, each committed."""
        written = 0
        for chunk in chunks(documents):
            rows = [
                (document.id, document.version, to_tantivy(document, analyse(document)))
                for document in chunk
            ]
            with plainly(), self._store.writing():
                written += max(write(index, rows) for index in self._written_to())
        return written

    def remove(self, ids: Iterable[str]) -> None:
        for chunk in chunks(ids):
            with plainly(), self._store.writing():
                indexes = [open_index(path) for path in self._written_to()]
                versions: dict[str, int] = dict.fromkeys(chunk, 0)
                for index in indexes:
                    for identity, version in versions_of(index, chunk).items():
                        versions[identity] = max(versions[identity], version)
                rows = [(key, seen + 1, tombstone(key, seen + 1)) for key, seen in versions.items()]
                for path in self._written_to():
                    write(path, rows)

    def settle(self) -> None:
        """Nothing to wait for: every search looks for the last commit."""

    def search(self, query: SearchQuery) -> SearchResult:
        parsed = read_query(query)
        if not query.reader_tokens or parsed.hopeless:
            return SearchResult()
        return self._reading(lambda searcher: self._search(searcher, query, parsed), SearchResult())

    @contextlib.contextmanager
    def rebuild(self) -> Iterator[IndexBuild]:
        with self._store.rebuilding():
            with plainly(), self._store.writing():
                fresh = self._store.new_index()
                tantivy.Index(self._schema, path=str(fresh))
                self._store.point("building", fresh)
                self._store.sweep()
            try:
                yield _Build(self._store, fresh)
            except BaseException:
                with self._store.writing():
                    self._store.point("building", None)
                    self._store.sweep()
                raise
            with self._store.writing():
                self._store.point("current", fresh)
                self._store.point("building", None)
                self._store.sweep()

    def _written_to(self) -> list[Path]:
        """The indexes that take new documents; call it while writing."""
        current, building = self._store.current(), self._store.building()
        if current is None:
            current = self._store.new_index()
            tantivy.Index(self._schema, path=str(current))
            self._store.point("current", current)
        paths = [path for path in (current, building) if path and self._store.usable(path)]
        if not paths:
            raise EngineUnavailable("the search index is of another version: run rebuild_index")
        return paths

    def _reading(self, ask: Callable[[tantivy.Searcher], _T], nothing: _T) -> _T:
        """Ask the current index; once more when it was replaced under our hands."""
        for last in (False, True):
            current = self._store.current()
            if current is None:
                return nothing
            if not self._store.usable(current):
                raise EngineUnavailable("the search index is of another version: run rebuild_index")
            try:
                with plainly():
                    return ask(self._searcher(current))
            except EngineUnavailable:
                if last or self._store.current() == current:
                    raise
        raise AssertionError("unreachable")

    def _searcher(self, path: Path) -> tantivy.Searcher:
        with self._opening:
            held = self._open
            # After a fork the threads of an index are gone: each process opens its own.
            if held is None or held.path != path or held.process != os.getpid():
                held = self._open = _OpenIndex(os.getpid(), path, open_index(path))
            held.index.reload()
            return held.index.searcher()

    def _search(
        self, searcher: tantivy.Searcher, query: SearchQuery, parsed: ParsedQuery
    ) -> SearchResult:
        whole = self._queries.build(query, parsed)
        by_time = query.order == "newest" or not (parsed.must or parsed.number)
        page = self._by_time if by_time else self._by_relevance
        total, hits, cursor = page(searcher, whole, query)
        facets = {} if query.cursor else self._facets(searcher, whole, query, parsed)
        return SearchResult(total=total, hits=hits, facets=facets, next_cursor=cursor)

    def _by_relevance(
        self, searcher: tantivy.Searcher, whole: tantivy.Query, query: SearchQuery
    ) -> tuple[int, tuple[Hit, ...], str]:
        offset = read_cursor(query.cursor, _RELEVANCE, (int,))[0] if query.cursor else 0
        if not 0 <= offset <= _DEEPEST:
            raise InvalidCursor("this page is too far down: search more narrowly, or by date")
        found = searcher.search(whole, limit=query.limit, offset=offset, weight_by_field="recency")
        total = int(getattr(found, "count", 0) or 0)
        hits = tuple(Hit(id_of(searcher, place), float(score)) for score, place in found.hits)
        after = offset + len(hits)
        more = hits and after < min(total, _DEEPEST)
        return total, hits, write_cursor(_RELEVANCE, [after]) if more else ""

    def _by_time(
        self, searcher: tantivy.Searcher, whole: tantivy.Query, query: SearchQuery
    ) -> tuple[int, tuple[Hit, ...], str]:
        page = whole
        total = None
        if query.cursor:
            (last,) = read_cursor(query.cursor, _NEWEST, (int,))
            if not 0 <= last < 2**63:
                raise InvalidCursor("this page marker is damaged")
            older = self._queries.range("sort_key", 0, last)
            page = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, whole), (tantivy.Occur.Must, older)]
            )
            total = int(getattr(searcher.search(whole, limit=1), "count", 0) or 0)
        found = searcher.search(page, limit=query.limit, order_by_field="sort_key")
        left = int(getattr(found, "count", 0) or 0)
        hits = tuple(Hit(id_of(searcher, place), 0.0) for _, place in found.hits)
        more = hits and left > len(hits)
        cursor = write_cursor(_NEWEST, [int(found.hits[-1][0])]) if more else ""
        return left if total is None else total, hits, cursor

    def _facets(
        self,
        searcher: tantivy.Searcher,
        whole: tantivy.Query,
        query: SearchQuery,
        parsed: ParsedQuery,
    ) -> Mapping[str, Mapping[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        stored = [name for name in query.facets if name != "overdue"]
        together = [name for name in stored if name not in query.filters]
        counts |= count_values(searcher, whole, together)
        for name in stored:
            if name in query.filters:
                wider = self._queries.build(query, parsed, without=name)
                counts |= count_values(searcher, wider, [name])
        late = self._queries.overdue(whole, query) if "overdue" in query.facets else None
        if late:
            found = searcher.search(late, limit=1)
            counts["overdue"] = {"yes": int(getattr(found, "count", 0) or 0)}
        return counts


class _Build:
    """The index beside, during a rebuild."""

    def __init__(self, store: TantivyStore, path: Path) -> None:
        self._store = store
        self._path = path

    def put(self, documents: Iterable[SearchDocument]) -> int:
        written = 0
        for chunk in chunks(documents):
            rows = [(doc.id, doc.version, to_tantivy(doc, analyse(doc))) for doc in chunk]
            with plainly(), self._store.writing():
                written += write(self._path, rows)
        return written
