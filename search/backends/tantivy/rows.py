"""Reading and writing the rows of one Tantivy index, its failures as the contract's errors."""

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import tantivy

from search.backends.deferred_counts import Counted
from search.contract import EngineUnavailable, InvalidCursor

_WRITER_BYTES: Final = 32_000_000
_CHUNK: Final = 500
_OVERDUE: Final = "overdue"
_NUMBER: Final = "number"
_MOST_VALUES: Final = 500
_T = TypeVar("_T")


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """Turn Tantivy's errors, all ValueError, into the contract's.

    A damaged index is reported, never wiped.
    """
    try:
        yield
    except InvalidCursor:
        raise
    except (ValueError, OSError) as error:
        raise EngineUnavailable(
            f"the search index cannot be used: {type(error).__name__}"
        ) from error


def chunks(items: Iterable[_T]) -> Iterator[list[_T]]:
    """Yield lists of at most 500 items, as one commit takes them."""
    chunk: list[_T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def open_index(path: Path) -> tantivy.Index:
    """Open an index that exists; raise ValueError for one that is damaged."""
    index = tantivy.Index.open(str(path))
    index.config_reader("manual", 0)  # no watching thread: we look before each search
    return index


def last_commit(path: Path) -> tuple[int, int]:
    """Return what changes with each commit: the list of segments is replaced by rename."""
    try:
        known = (path / "meta.json").stat()
    except FileNotFoundError as error:
        raise ValueError("no index here") from error
    return known.st_ino, known.st_mtime_ns


def documents_in(path: Path) -> int:
    """Return how many documents the segments hold, with those that are only marked as deleted."""
    segments = json.loads((path / "meta.json").read_bytes())["segments"]
    return sum(int(segment["max_doc"]) for segment in segments)


def is_whole(path: Path) -> bool:
    """Return whether the index can be opened."""
    try:
        open_index(path)
    except (ValueError, OSError):
        return False
    return True


def write(
    path: Path,
    rows: Sequence[tuple[str, int, tantivy.Document]],
    *,
    heap_bytes: int = _WRITER_BYTES,
    again: bool = True,
) -> int:
    """Replace what is not newer, in one commit; return how many were written.

    Without `again`, what is known in the same version is left as it is.
    """
    index = open_index(path)
    known = versions_of(index, [identity for identity, _, _ in rows])
    newest: dict[str, tuple[int, tantivy.Document]] = {}
    there = dict(known)
    for identity, version, row in rows:
        if (
            identity not in there
            or version > there[identity]
            or (again and version == there[identity])
        ):
            there[identity] = version
            newest[identity] = (version, row)
    if not newest:
        return 0
    writer = index.writer(heap_size=heap_bytes, num_threads=1)
    for identity, (_, row) in newest.items():
        if identity in known:
            writer.delete_documents_by_term("id", identity)
        writer.add_document(row)
    writer.commit()
    writer.wait_merging_threads()
    return len(newest)


def versions_of(index: tantivy.Index, ids: list[str]) -> dict[str, int]:
    """Return the versions an index knows of these ids, tombstones included."""
    index.reload()
    searcher = index.searcher()
    which = tantivy.Query.term_set_query(index.schema, "id", ids)
    found = searcher.search(which, limit=max(len(ids), 1), count=False)
    rows = (searcher.doc(place) for _, place in found.hits)
    return {str(row.get_first("id")): int(row.get_first("version") or 0) for row in rows}


def versions_in(path: Path, ids: list[str]) -> dict[str, int]:
    """Return the same of the index at that path."""
    return versions_of(open_index(path), ids)


def known_versions(
    searcher: tantivy.Searcher, schema: tantivy.Schema, beginning: str, limit: int
) -> dict[str, int]:
    """Return version by id of the documents whose id begins so.

    Tombstones, which have no registration time, are left out.
    """
    alive = tantivy.Query.exists_query("sort_key")
    if beginning:
        begins = tantivy.Query.fuzzy_term_query(schema, "id", beginning, distance=0, prefix=True)
        alive = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, begins), (tantivy.Occur.Must, alive)]
        )
    found = searcher.search(alive, limit=limit, count=False)
    places = [place for _, place in found.hits]
    versions = searcher.fast_field_values("version", places)
    return {
        id_of(searcher, place): int(version or 0)
        for place, version in zip(places, versions, strict=True)
    }


def id_of(searcher: tantivy.Searcher, place: tantivy.DocAddress) -> str:
    """Return the id of a found document."""
    return str(searcher.doc(place).get_first("id"))


def ids_of(searcher: tantivy.Searcher, query: tantivy.Query, *, limit: int) -> list[str]:
    """Return the ids of the best documents of a query, not counted."""
    found = searcher.search(query, limit=limit, count=False)
    return [id_of(searcher, place) for _, place in found.hits]


def best_of(
    searcher: tantivy.Searcher, query: tantivy.Query, offset: int, limit: int
) -> tuple[int, list[tuple[Any, tantivy.DocAddress]]]:
    """Return how many documents answer, and the best from `offset` on with their scores."""
    found = ranked(searcher, query, offset, limit)
    return int(getattr(found, "count", 0) or 0), found.hits


def ranked(
    searcher: tantivy.Searcher, query: tantivy.Query, offset: int, limit: int, *, count: bool = True
) -> Any:
    """Return Tantivy's result for the best documents, which count the more the later they are."""
    return searcher.search(
        query, limit=limit, offset=offset, count=count, weight_by_field="recency"
    )


def count_of(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """Return how many documents answer a query; tombstones answer none."""
    return count_values(searcher, query, []).total


def count_values(
    searcher: tantivy.Searcher, query: tantivy.Query, names: list[str], *, today: int = 0
) -> Counted:
    """Count the documents, and those of each value of these fields, in one pass; weigh none.

    A search weighs all of them even where only their number is wanted. "overdue" counts those whose
    due day is before `today` (an ordinal).
    """
    wish: dict[str, Any] = {
        name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in names if name != _OVERDUE
    }
    if _OVERDUE in names:
        late = {"key": "yes", "from": 1.0, "to": float(today)}
        wish[_OVERDUE] = {"range": {"field": "due_day", "ranges": [late]}}
    number = {_NUMBER: {"value_count": {"field": "sort_key"}}}
    answer: dict[str, Any] = searcher.aggregate(query, wish | number)
    values = {name: _counted(name, answer[name]["buckets"]) for name in wish}
    return Counted(int(answer[_NUMBER]["value"]), values)


def _counted(name: str, buckets: list[dict[str, Any]]) -> dict[str, int]:
    counted = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets if bucket["key"]}
    return {"yes": counted.get("yes", 0)} if name == _OVERDUE else counted
