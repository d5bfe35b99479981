"""The state of each row by its entries, folded in a temporary file: the last digest of each key."""

import sqlite3
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Final

_SCHEMA: Final = """
CREATE TABLE fold (label INTEGER, key TEXT, digest TEXT, PRIMARY KEY (label, key)) WITHOUT ROWID
"""
_AT_ONCE: Final = 5000


class Fold:
    """Digests by label and key; a row that is gone has none."""

    def __init__(self) -> None:
        """Open a database that goes with the process: in memory as far as its cache reaches."""
        self._file = sqlite3.connect("")
        self._file.execute("PRAGMA cache_size=-32000")
        self._file.execute(_SCHEMA)
        self.end = 0  # the place after the newest entry that was read
        self._labels: dict[str, int] = {}
        self._waiting: dict[tuple[int, str], str] = {}

    def __enter__(self) -> "Fold":
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget everything."""
        self._file.close()

    def number(self, label: str) -> int:
        """Return the number that stands for a label here."""
        return self._labels.setdefault(label, len(self._labels))

    def add(self, label: str, lines: str) -> None:
        """Take the lines of the next entry."""
        number = self.number(label)
        for line in lines.split("\n") if lines else ():
            key, _, digest = line.rpartition(" ")
            self._waiting[(number, key)] = digest
        if len(self._waiting) > _AT_ONCE:
            self._flush()

    def digests(self, number: int, keys: Sequence[str]) -> dict[str, str]:
        """Return key → digest of those of these rows that should stand."""
        self._flush()
        marks = ", ".join("?" * len(keys))
        rows = self._file.execute(
            f"SELECT key, digest FROM fold WHERE label = ? AND key IN ({marks}) AND digest <> ''",  # noqa: S608
            [number, *keys],
        )
        return dict(rows.fetchall())

    def count(self, number: int) -> int:
        """Return how many rows should stand."""
        self._flush()
        query = "SELECT count(*) FROM fold WHERE label = ? AND digest <> ''"
        return int(self._file.execute(query, [number]).fetchone()[0])

    def keys(self, number: int, size: int) -> Iterator[list[str]]:
        """Yield the keys of the rows that should stand, `size` at a time."""
        rows = self._file.execute(
            "SELECT key FROM fold WHERE label = ? AND digest <> '' ORDER BY key", [number]
        )
        while part := rows.fetchmany(size):
            yield [key for (key,) in part]

    def _flush(self) -> None:
        if self._waiting:
            rows = [(number, key, digest) for (number, key), digest in self._waiting.items()]
            self._file.executemany("INSERT OR REPLACE INTO fold VALUES (?, ?, ?)", rows)
            self._waiting = {}
