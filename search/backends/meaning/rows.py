"""The embedded index's data: one SQLite file of vectors and who may read them.

Row numbers only grow, so the graphs (`meaning_graphs`) can name rows by number; a row that is gone
simply is not found any more. Writers commit once for each chunk; a killed one leaves nothing.
"""

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np

from search.contract import EngineBusy, EngineUnavailable
from search.meaning_contract import SIZE, Meaning

_FILE: Final = "rows.sqlite3"
_AT_ONCE: Final = 500  # parameters of one statement
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS letter (id BLOB PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS readers (id INTEGER PRIMARY KEY, tokens TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS passage (
    id INTEGER PRIMARY KEY AUTOINCREMENT, letter BLOB NOT NULL, position INTEGER NOT NULL,
    readers INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS passage_letter ON passage (letter);
CREATE INDEX IF NOT EXISTS passage_readers ON passage (readers, id);
"""


@contextlib.contextmanager
def open_rows(index: Path, *, new: bool = False) -> Iterator["Rows"]:
    """Open the file for as long as the block lasts, with its errors turned into the contract's."""
    mode = "rwc" if new else "rw"
    try:
        connection = sqlite3.connect(
            f"{(index / _FILE).as_uri()}?mode={mode}", timeout=15, isolation_level=None, uri=True
        )
    except sqlite3.Error as error:
        raise EngineUnavailable(f"the index of meanings: {error}") from error
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        yield Rows(connection)
    except sqlite3.OperationalError as error:
        busy = "locked" in str(error)
        raise (EngineBusy if busy else EngineUnavailable)(
            f"the index of meanings: {error}"
        ) from error
    except sqlite3.DatabaseError as error:
        raise EngineUnavailable("the index of meanings is damaged: rebuild it") from error
    finally:
        connection.close()


class Rows:
    """Reading and writing within `open_rows`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def make(self) -> None:
        """Create the tables, where they do not exist yet."""
        self._db.executescript(_SCHEMA)

    def put(self, letters: Sequence[Meaning]) -> int:
        """Write what is not older than what is known, all or nothing; return how many."""
        with self._transaction():
            return sum(self._put(one) for one in letters)

    def _put(self, letter: Meaning) -> bool:
        key = UUID(letter.id).bytes
        known = self._db.execute("SELECT version FROM letter WHERE id = ?", (key,)).fetchone()
        if known and known[0] > letter.version:
            return False
        self._db.execute("REPLACE INTO letter VALUES (?, ?)", (key, letter.version))
        readers = self._readers_id(letter.reader_tokens)
        rows = [(place, vector) for place, vector in enumerate(letter.vectors)]
        if self._vectors_of(key) == rows:
            self._db.execute("UPDATE passage SET readers = ? WHERE letter = ?", (readers, key))
            return True
        self._db.execute("DELETE FROM passage WHERE letter = ?", (key,))
        self._db.executemany(
            "INSERT INTO passage (letter, position, readers, vector) VALUES (?, ?, ?, ?)",
            [(key, place, readers, vector) for place, vector in rows],
        )
        return True

    def _vectors_of(self, key: bytes) -> list[tuple[int, bytes]]:
        """Return the letter's rows.

        A change of rights alone must not make its graph forget the letter.
        """
        return self._db.execute(
            "SELECT position, vector FROM passage WHERE letter = ? ORDER BY position", (key,)
        ).fetchall()

    def remove(self, ids: Sequence[str]) -> None:
        """Remove the letters' rows; their versions stay, raised by one."""
        with self._transaction():
            for identity in ids:
                key = UUID(identity).bytes
                self._db.execute(
                    "INSERT INTO letter VALUES (?, 1) "
                    "ON CONFLICT (id) DO UPDATE SET version = version + 1",
                    (key,),
                )
                self._db.execute("DELETE FROM passage WHERE letter = ?", (key,))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _readers_id(self, tokens: Collection[str]) -> int:
        text = json.dumps(sorted(set(tokens)))
        self._db.execute("INSERT OR IGNORE INTO readers (tokens) VALUES (?)", (text,))
        found = self._db.execute("SELECT id FROM readers WHERE tokens = ?", (text,)).fetchone()
        return int(found[0])

    def readable(self, tokens: Collection[str]) -> list[int]:
        """Return the sets of readers that one of these tokens opens: an office has some hundred."""
        wanted = set(tokens)
        return [
            int(key)
            for key, text in self._db.execute("SELECT id, tokens FROM readers")
            if wanted.intersection(json.loads(text))
        ]

    def last(self) -> int:
        """Return the highest row number."""
        return int(self._db.execute("SELECT COALESCE(MAX(id), 0) FROM passage").fetchone()[0])

    def vectors(self, *, after: int, most: int) -> tuple[Any, Any]:
        """Return row numbers and vectors of the next rows by number."""
        rows = self._db.execute(
            "SELECT id, vector FROM passage WHERE id > ? ORDER BY id LIMIT ?", (after, most)
        )
        return _matrix(rows.fetchall())

    def few(self, readers: Collection[int], *, most: int) -> tuple[Any, Any] | None:
        """Return all rows that these sets of readers have, or None for more than `most`."""
        marks = ",".join("?" * len(readers))
        where = f"FROM passage WHERE readers IN ({marks})"
        count = self._db.execute(
            f"SELECT COUNT(*) FROM (SELECT 1 {where} LIMIT ?)",  # noqa: S608
            (*readers, most + 1),
        ).fetchone()[0]
        if count > most:
            return None
        rows = self._db.execute(f"SELECT id, vector {where}", tuple(readers))
        return _matrix(rows.fetchall())

    def owners(self, rows: Iterable[int], readers: Collection[int]) -> dict[int, tuple[str, int]]:
        """Return row → (letter, position), of those rows that still exist and may be read."""
        numbers, allowed = list(rows), set(readers)
        found: dict[int, tuple[str, int]] = {}
        for start in range(0, len(numbers), _AT_ONCE):
            chunk = numbers[start : start + _AT_ONCE]
            marks = ",".join("?" * len(chunk))
            for key, letter, position, who in self._db.execute(
                f"SELECT id, letter, position, readers FROM passage WHERE id IN ({marks})",  # noqa: S608
                chunk,
            ):
                if who in allowed:
                    found[key] = (str(UUID(bytes=letter)), position)
        return found


def _matrix(rows: list[tuple[int, bytes]]) -> tuple[Any, Any]:
    keys = np.array([key for key, _ in rows], dtype=np.int64)
    vectors = np.frombuffer(b"".join(vector for _, vector in rows), dtype=np.int8)
    return keys, vectors.reshape(len(rows), SIZE)
