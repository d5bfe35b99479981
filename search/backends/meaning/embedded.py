"""The embedded vector index: rows in SQLite, graphs beside them, shared by all processes.

Writers take one lock for all processes; readers take none. Everything is in one folder that a
rebuild makes anew beside the old one and swaps by one rename (`MeaningStore` keeps the folders).
"""

import contextlib
import itertools
import os
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from search.backends.meaning import graphs
from search.backends.meaning.graphs import Graph
from search.backends.meaning.rows import Rows, open_rows
from search.backends.meaning.store import MeaningStore
from search.contract import EngineBusy, EngineError, EngineState, EngineUnavailable
from search.meaning_contract import (
    MOST_VECTORS,
    Meaning,
    MeaningBuild,
    Near,
    best_of,
    check_question,
)

FEW: Final = 8_000  # rows of a viewer up to which each is compared
_CHUNK: Final = 200
_WIDEST: Final = 4_096  # neighbours asked of one graph before a rare viewer gets what there is
_SWAPS: Final = 5  # times that an index may be replaced under one question
_OUTDATED: Final = "the index of meanings is of another version: run rebuild_meaning"


class EmbeddedMeaning:
    """The embedded vector index; `folder` is made when first needed.

    `version`: whatever of model or form must not be mixed. `loose`: rows after the last graph
    before it grows.
    """

    def __init__(
        self, folder: Path, *, version: int, wait_seconds: float = 15.0, loose: int = graphs.LOOSE
    ) -> None:
        self._store = MeaningStore(folder, version=version, wait_seconds=wait_seconds)
        self._loose = loose
        self._views: dict[tuple[int, str], Any] = {}
        self._using = threading.Lock()  # a mapped graph answers one thread at a time

    def state(self) -> EngineState:
        current = self._store.current()
        if current is None:
            return "missing"
        return "ready" if self._store.usable(current) else "outdated"

    def settle(self) -> None:
        """Do nothing: every query reads the last commit."""

    def put(self, letters: Iterable[Meaning]) -> int:
        """Write in chunks of 200, each committed; see `MeaningEngine.put`."""
        written = 0
        for chunk in _chunks(letters):
            with _plainly(), self._store.writing():
                for index in self._written_to():
                    written = max(written, self._put(index, chunk))
        with _plainly():
            for index in self._usable():
                self.grow(index)
        return written

    def _put(self, index: Path, letters: Sequence[Meaning]) -> int:
        with open_rows(index) as rows:
            return rows.put(letters)

    def remove(self, ids: Iterable[str]) -> None:
        for chunk in _chunks(ids):
            with _plainly(), self._store.writing():
                for index in self._written_to():
                    with open_rows(index) as rows:
                        rows.remove(chunk)

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
        for left in reversed(range(_SWAPS)):
            current = self._store.current()
            if current is None:
                return []
            if not self._store.usable(current):
                if self._store.current() != current and left:
                    continue
                raise EngineUnavailable(_OUTDATED)
            try:
                found = self._nearest(current, vectors, reader_tokens, limit, floor)
            except EngineUnavailable:
                if not left or self._store.current() == current:
                    raise
                continue
            if not left or self._store.current() == current:
                return best_of((one for one in found if one.likeness >= floor), limit)
        raise AssertionError("unreachable")

    def _nearest(
        self,
        index: Path,
        vectors: Sequence[bytes],
        reader_tokens: Collection[str],
        limit: int,
        floor: float,
    ) -> list[Near]:
        with _plainly(), open_rows(index) as rows:
            readers = rows.readable(reader_tokens)
            if not readers:
                return []
            few = rows.few(readers, most=FEW)
            found: list[Near] = []
            for vector in (np.frombuffer(one, dtype=np.int8) for one in vectors):
                if few is not None:
                    near = graphs.near_in_rows(*few, vector, limit * MOST_VECTORS)
                    found += _owned(rows, readers, near)
                else:
                    found += self._among_many(index, rows, readers, vector, limit, floor)
        return found

    def _among_many(
        self,
        index: Path,
        rows: Rows,
        readers: Collection[int],
        vector: Any,
        limit: int,
        floor: float,
    ) -> list[Near]:
        """Return the nearest rows from the graphs and from the rows after them.

        The search widens until enough may be read, or what comes next is below the floor.
        """
        named = graphs.listed(index)
        loose = rows.vectors(after=graphs.covered(named), most=2 * self._loose + _CHUNK * 4)
        found = _owned(rows, readers, graphs.near_in_rows(*loose, vector, limit * MOST_VECTORS))
        for graph in filter(None, (self._view(index, one) for one in named)):
            count = limit * MOST_VECTORS
            while True:
                with self._using:
                    keys, likeness = graphs.near_in_graph(graph, vector, count)
                mine = _owned(rows, readers, (keys, likeness))
                enough = len({one.id for one in mine}) >= limit
                done = len(keys) < count or float(likeness[-1]) < floor
                if enough or done or count >= _WIDEST:
                    break
                count *= 4
            found += mine
        return found

    def _view(self, index: Path, graph: Graph) -> Any:
        """Return the mapped graph, kept open.

        Each process opens its own, and closes what is replaced.
        """
        key = (os.getpid(), graph.file)
        with self._using:
            if key not in self._views:
                named = {(os.getpid(), one.file) for one in graphs.listed(index)}
                self._views = {known: self._views[known] for known in self._views if known in named}
                opened = graphs.view(index, graph)
                if opened is None:
                    return None
                self._views[key] = opened
            return self._views[key]

    def grow(self, index: Path, *, all_rows: bool = False) -> None:
        """Put loose rows into graphs where they are many; one process does it, others go on."""
        with open_rows(index) as rows:
            named = graphs.listed(index)
            whole = list(itertools.takewhile(lambda one: graphs.is_whole(index, one), named))
            loose = rows.last() - graphs.covered(whole)
            if loose <= (0 if all_rows else self._loose):
                return
            with contextlib.suppress(EngineBusy), self._store.growing():
                self._grow(index, rows, whole)

    def _grow(self, index: Path, rows: Rows, whole: list[Graph]) -> None:
        last = whole[-1] if whole else None
        full = last is None or last.last - last.first >= graphs.ROWS_OF_ONE
        kept = whole if full else whole[:-1]
        growing = graphs.Growing(index, None if full else last, graphs.covered(whole))
        while True:
            keys, vectors = rows.vectors(after=growing.last, most=_CHUNK * 20)
            if not len(keys):
                break
            growing.add(keys, vectors)
            if growing.last - growing.first >= graphs.ROWS_OF_ONE:
                kept = [*kept, growing.save()]
                growing = graphs.Growing(index, None, growing.last)
        graphs.save_list(index, [*kept, growing.save()] if len(growing) else kept)

    @contextlib.contextmanager
    def rebuild(self) -> Iterator[MeaningBuild]:
        with self._store.rebuilding():
            with _plainly(), self._store.writing():
                fresh = self._new_index()
                self._store.point("building", fresh)
                self._store.sweep()
            try:
                yield _Build(self, fresh)
                with _plainly():
                    self.grow(fresh, all_rows=True)
            except BaseException:
                with self._store.writing():
                    self._store.point("building", None)
                    self._store.sweep()
                raise
            with _plainly(), self._store.writing():
                self._store.point("current", fresh)
                self._store.point("building", None)
                self._store.sweep()

    def _new_index(self) -> Path:
        index = self._store.new_index()
        with open_rows(index, new=True) as rows:
            rows.make()
        return index

    def _written_to(self) -> list[Path]:
        """Return the indexes that take letters; call it while writing."""
        if self._store.current() is None:
            self._store.point("current", self._new_index())
        usable = self._usable()
        if not usable:
            raise EngineUnavailable(_OUTDATED)
        return usable

    def _usable(self) -> list[Path]:
        both = (self._store.current(), self._store.building())
        return [path for path in both if path and self._store.usable(path)]


class _Build:
    """The index being rebuilt."""

    def __init__(self, engine: EmbeddedMeaning, path: Path) -> None:
        self._engine = engine
        self._path = path

    def put(self, letters: Iterable[Meaning]) -> int:
        written = 0
        for chunk in _chunks(letters):
            with _plainly(), self._engine._store.writing():
                written += self._engine._put(self._path, chunk)
        return written


def _owned(rows: Rows, readers: Collection[int], found: tuple[Any, Any]) -> list[Near]:
    keys, likeness = found
    owners = rows.owners(keys.tolist(), readers)
    return [
        Near(owners[key][0], float(like), owners[key][1])
        for key, like in zip(keys.tolist(), likeness.tolist(), strict=True)
        if key in owners
    ]


def _chunks(things: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(things)
    while chunk := list(itertools.islice(left, _CHUNK)):
        yield chunk


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    """Turn errors of a full or failing disk into the contract's."""
    try:
        yield
    except EngineError:
        raise
    except (OSError, RuntimeError) as error:  # usearch raises RuntimeError when it cannot write
        raise EngineUnavailable(f"the index of meanings: {type(error).__name__}") from error
