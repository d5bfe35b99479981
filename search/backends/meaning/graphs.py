"""Graphs over the rows of the embedded index (HNSW, by usearch), mapped from disk.

graphs.json         which graphs count: file, rows it covers, its size and the sum of its ends
graph-<hex>.usearch one graph over at most 200,000 rows; written once, never changed

A graph is written beside and named in graphs.json by rename: a killed writer leaves a file that
nothing names. Rows after the last graph are few and are compared one by one.
"""

import json
import logging
import os
import uuid
import zlib
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from usearch.index import Index, search

from org.durable_files import sync_folder, write_durably
from search.meaning_contract import SIZE

ROWS_OF_ONE: Final = 200_000
LOOSE: Final = 8_000  # rows behind the last graph before it grows
_BATCH: Final = 2_000
_ENDS: Final = 65_536
_LIST: Final = "graphs.json"
log = logging.getLogger(__name__)


class Graph(NamedTuple):
    """One entry of graphs.json: it covers the rows after `first` up to `last`."""

    file: str
    first: int
    last: int
    size: int
    ends: int


def listed(index: Path) -> list[Graph]:
    """Return the active graphs, in order of their rows; none where the list is damaged."""
    try:
        rows = json.loads((index / _LIST).read_text("utf-8"))
        return [Graph(**row) for row in rows]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError):
        log.error("the list of graphs is damaged: rows are put into new ones")
        return []


def covered(graphs: list[Graph]) -> int:
    """Return the last row that a graph covers."""
    return max((graph.last for graph in graphs), default=0)


def is_whole(index: Path, graph: Graph) -> bool:
    """Return whether its file is the one that was written, judged by its size and both ends."""
    path = index / graph.file
    try:
        return path.stat().st_size == graph.size and _ends(path) == graph.ends
    except OSError:
        return False


def save_list(index: Path, graphs: list[Graph]) -> None:
    """Make these graphs the active ones, and delete files that none of them names."""
    write_durably(index / _LIST, json.dumps([graph._asdict() for graph in graphs]))
    sync_folder(index)
    named = {graph.file for graph in graphs}
    for path in index.glob("graph-*"):
        if path.name not in named:
            path.unlink(missing_ok=True)


class Growing:
    """The last graph while it is being filled, in memory (130 MB at most)."""

    def __init__(self, index: Path, onto: Graph | None, first: int) -> None:
        self._folder = index
        self.first = onto.first if onto else first
        self.last = onto.last if onto else first
        self._graph = Index(ndim=SIZE, metric="cos", dtype="i8")
        if onto:
            self._graph.load(str(index / onto.file))

    def __len__(self) -> int:
        return len(self._graph)

    def add(self, keys: Any, vectors: Any) -> None:
        """Add rows in the order of their numbers."""
        for start in range(0, len(keys), _BATCH):
            part = slice(start, start + _BATCH)
            self._graph.add(keys[part], vectors[part], threads=1)
        if len(keys):
            self.last = int(keys[-1])

    def save(self) -> Graph:
        """Write it to a file of its own."""
        path = self._folder / f"graph-{uuid.uuid4().hex}.usearch"
        self._graph.save(str(path))
        with path.open("rb") as handle:
            os.fsync(handle.fileno())
        return Graph(path.name, self.first, self.last, path.stat().st_size, _ends(path))


def view(index: Path, graph: Graph) -> Any:
    """Map the graph from disk; return None where its file is gone or damaged."""
    if not is_whole(index, graph):
        log.error("a graph of meanings is damaged: it is made again with the next letters")
        return None
    return Index.restore(str(index / graph.file), view=True)


def near_in_graph(graph: Any, vector: Any, count: int) -> tuple[Any, Any]:
    """Return row numbers and similarities of about the `count` nearest rows, best first."""
    found = graph.search(vector, count, threads=1)
    return found.keys.astype(np.int64), 1.0 - found.distances


def near_in_rows(keys: Any, vectors: Any, vector: Any, count: int) -> tuple[Any, Any]:
    """Return the same among these rows, each compared."""
    if not len(keys):
        return keys, np.zeros(0, dtype=np.float32)
    found = search(vectors, vector, min(count, len(keys)), metric="cos", exact=True, threads=1)
    return keys[found.keys.astype(np.int64)], 1.0 - found.distances


def _ends(path: Path) -> int:
    with path.open("rb") as handle:
        head = handle.read(_ENDS)
        handle.seek(max(0, path.stat().st_size - _ENDS))
        return zlib.crc32(handle.read(_ENDS), zlib.crc32(head))
