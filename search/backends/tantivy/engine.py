"""The embedded engine: Tantivy in a folder, shared by web, worker and command line.

A writer lives only as long as one `put`: lock, open, add, commit, close. A reader looks for
something newer before each search. A process killed at any point leaves the last commit.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import tantivy

from search.analysis.document_terms import analyse
from search.backends.answer_cache import AnswerCache
from search.backends.tantivy.build import TantivyBuild
from search.backends.tantivy.partial import PartialQueries
from search.backends.tantivy.rows import (
    chunks,
    documents_in,
    is_whole,
    known_versions,
    last_commit,
    open_index,
    plainly,
    versions_in,
    write,
)
from search.backends.tantivy.schema import build_schema, to_tantivy, tombstone
from search.backends.tantivy.searching import OpenIndex, QueryRunner
from search.backends.tantivy.store import TantivyStore
from search.contract import (
    EngineBusy,
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

_OUTDATED: Final = "the search index is of another version: run rebuild_index"
_T = TypeVar("_T")


class TantivyEngine:
    """`folder` is made when first needed; `wait_seconds` bounds how long a writer waits."""

    def __init__(self, folder: Path, *, wait_seconds: float = 15.0) -> None:
        self._store = TantivyStore(folder, wait_seconds=wait_seconds)
        self._schema = build_schema()
        self._asking = QueryRunner(self._schema)
        self._partly = PartialQueries(self._schema)
        self._open: OpenIndex | None = None
        self._opening = threading.Lock()

    @property
    def name(self) -> str:
        return "tantivy"

    def state(self) -> EngineState:
        current = self._store.current()
        return self._store.stamp(current).state if current else "missing"

    def known(self, beginning: str, *, limit: int) -> Mapping[str, int]:
        return self._reading(
            lambda searcher, _: known_versions(searcher, self._schema, beginning, limit), {}
        )

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """Write in chunks of 500, each committed; see `SearchEngine.put`."""
        written = 0
        for chunk in chunks(documents):
            rows = [
                (document.id, document.version, to_tantivy(document, analyse(document)))
                for document in chunk
            ]
            written += max(self._everywhere(partial(write, rows=rows)))
        return written

    def remove(self, ids: Iterable[str]) -> None:
        for chunk in chunks(ids):
            seen = self._everywhere(partial(versions_in, ids=chunk))
            next_ones = {key: 1 + max(known.get(key, 0) for known in seen) for key in chunk}
            rows = [(key, version, tombstone(key, version)) for key, version in next_ones.items()]
            self._everywhere(partial(write, rows=rows))

    def _everywhere(self, do: Callable[[Path], _T]) -> list[_T]:
        """Apply to the active index, then to the one being built; the first need not wait.

        Raise EngineBusy where the second is not free, and then all is to be done again.
        """
        done: list[_T] = []
        with plainly(), self._store.writing():
            current = self._store.current() or self._make_first()
            if self._store.stamp(current).usable:
                done.append(do(current))
        beside = self._beside(do, patient=not done) if self._store.building() else None
        if beside is not None:
            done.append(beside)
        elif self._store.current() != current:
            raise EngineBusy("the index was just replaced")
        if not done:
            raise EngineUnavailable(_OUTDATED)
        return done

    def _beside(self, do: Callable[[Path], _T], *, patient: bool) -> _T | None:
        with plainly(), self._store.writing_beside(patient=patient):
            building = self._store.building()
            return do(building) if building and self._store.stamp(building).usable else None

    def _make_first(self) -> Path:
        first = self._store.new_index()
        tantivy.Index(self._schema, path=str(first))
        self._store.point("current", first)
        return first

    def settle(self) -> None:
        """Do nothing: every search opens the last commit."""

    def merge(self) -> None:
        """Do nothing: what writes the index merges it."""

    def search(self, query: SearchQuery) -> SearchResult:
        parsed = read_query(query)
        if not query.reader_tokens or parsed.hopeless:
            return SearchResult()
        return self._reading(
            lambda searcher, held: self._asking.search(searcher, held, query, parsed),
            SearchResult(),
        )

    def counts(self, queries: Sequence[SearchQuery]) -> tuple[int, ...]:
        return self._reading(
            lambda searcher, held: tuple(
                held.beside.map(partial(self._asking.count, searcher, held.kept), queries)
            ),
            (0,) * len(queries),
        )

    def clause_counts(self, query: SearchQuery) -> tuple[int, tuple[int, ...]]:
        parsed = read_query(query)
        return self._reading(
            lambda searcher, _: self._partly.counts(searcher, query, parsed),
            (0, (0,) * len(parsed.must)),
        )

    def with_some(self, query: SearchQuery, weights: Mapping[int, float]) -> tuple[PartialHit, ...]:
        return self._reading(lambda found, _: self._partly.with_some(found, query, weights), ())

    def with_stems(self, query: SearchQuery, asked: Sequence[Stems]) -> tuple[Hit, ...]:
        return self._reading(lambda found, _: self._partly.with_stems(found, query, asked), ())

    @contextlib.contextmanager
    def rebuild(self, *, anew: bool = False) -> Iterator[IndexBuild]:
        with self._store.rebuilding():
            with plainly():
                build = self._begin(anew=anew)
            try:
                yield build
            except BaseException:
                if not build.place:
                    self._abandon()
                raise
            with plainly(), self._store.writing(), self._store.writing_beside():
                self._store.point("current", build.path)
                self._store.point("building", None)
                self._store.sweep()

    def _begin(self, *, anew: bool) -> TantivyBuild:
        """Return the index of an interrupted rebuild, as far as it can be resumed, or a new one."""
        with self._store.writing(), self._store.writing_beside():
            left = self._store.building()
            if left and not anew and self._store.stamp(left).state == "ready":
                place = self._store.place(left)
                if place and is_whole(left):
                    return TantivyBuild(self._store, left, place)
            fresh = self._store.new_index()
            tantivy.Index(self._schema, path=str(fresh))
            self._store.point("building", fresh)
            self._store.sweep()
            return TantivyBuild(self._store, fresh, "")

    def _abandon(self) -> None:
        with self._store.writing(), self._store.writing_beside():
            self._store.point("building", None)
            self._store.sweep()

    def _reading(self, ask: Callable[[tantivy.Searcher, OpenIndex], _T], nothing: _T) -> _T:
        """Search the current index; once more when it was replaced during the query."""
        for last in (False, True):
            if (current := self._store.current()) is None:
                return nothing
            if not self._store.stamp(current).usable:
                raise EngineUnavailable(_OUTDATED)
            try:
                with plainly():
                    return ask(*self._searcher(current))
            except EngineUnavailable:
                if last or self._store.current() == current:
                    raise
        raise AssertionError("unreachable")

    def _searcher(self, path: Path) -> tuple[tantivy.Searcher, OpenIndex]:
        with self._opening:
            held = self._open
            commit = last_commit(path)
            # After a fork the threads of an index are gone: each process opens its own.
            if held is None or held.path != path or held.process != os.getpid():
                beside = ThreadPoolExecutor(4, thread_name_prefix="facets")
                held = self._open = OpenIndex(
                    os.getpid(), path, open_index(path), (0, 0), 0, beside, AnswerCache()
                )
            if held.commit != commit:
                held.index.reload()
                documents = documents_in(path)
                held = self._open = replace(
                    held, commit=commit, documents=documents, kept=AnswerCache()
                )
            return held.index.searcher(), held
