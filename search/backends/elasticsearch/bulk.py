"""Bulk writes to Elasticsearch: requests of a bounded size, and the result for each document."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from elasticsearch import Elasticsearch

from search.backends.elasticsearch.client import BLOCKED, BLOCKED_SAID
from search.contract import EngineError, EngineUnavailable

Row = tuple[str, int, dict[str, Any]]

# The server takes 100 MB, and holds what it takes in memory.
_MOST_BYTES: Final = 5_000_000
_MOST_ROWS: Final = 1_000
_PATIENCE: Final = 60.0
# What is wrong with one document, rather than with the server or the moment.
_REFUSED: Final = (400, 413)


class SwappedError(EngineUnavailable):
    """The index was replaced between the read and the write."""


class Bulk:
    """Some documents, serialised once for however many indexes."""

    def __init__(self) -> None:
        self._lines: list[Any] = []  # JSON already, which the client takes as it is
        self.size = 0
        self.count = 0

    def add(self, identity: str, version: int, source: dict[str, Any]) -> None:
        """Add a document; a conflict will mean that the index knows a newer version."""
        action = {"index": {"_id": identity, "version": version, "version_type": "external_gte"}}
        for part in (action, source):
            line = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
            self._lines.append(line)
            self.size += len(line.encode())
        self.count += 1

    def write(self, client: Elasticsearch, alias: str) -> set[str]:
        """Write what is not older; return the ids written."""
        patient = client.options(request_timeout=_PATIENCE)
        answer = patient.bulk(index=alias, operations=self._lines, require_alias=True)
        written: set[str] = set()
        for item in (item["index"] for item in answer["items"]):
            if item["status"] < 300:
                written.add(item["_id"])
            elif item["status"] != 409:
                _complain(int(item["status"]), str(item.get("error", {}).get("type", "")))
        return written


def bulks(rows: Iterable[Row]) -> Iterator[Bulk]:
    """Yield the rows in requests of about 5 MB and at most 1,000 documents.

    A larger document goes alone.
    """
    bulk = Bulk()
    for row in rows:
        bulk.add(*row)
        if bulk.size >= _MOST_BYTES or bulk.count == _MOST_ROWS:
            yield bulk
            bulk = Bulk()
    if bulk.count:
        yield bulk


def _complain(status: int, reason: str) -> None:
    if reason == BLOCKED:
        raise EngineUnavailable(BLOCKED_SAID)
    if reason == "index_not_found_exception":
        raise SwappedError("the index was just replaced")
    if status in _REFUSED:
        raise EngineError(f"Elasticsearch refuses a document: {reason}")
    raise EngineUnavailable(f"Elasticsearch could not write now: {status}")
