"""Pages already read of a file whose reading is not recorded yet.

A worker that is killed on page 400, or yields to other letters, resumes after it. One file of JSON
lines for each original, deleted once its reading is recorded; pages stay on disk, not in memory.
"""

from __future__ import annotations

import fcntl
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from ocr.reading import PageReading


class Spool:
    """The state of one file.

    Pages by their numbers, the `total` of its pages, the `engine` that read them, how often its
    reader died before it answered (`deaths`), and how many children its pages have cost (`lost`).
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._places: dict[int, int] = {}  # page number -> where its line begins
        self.total = 0
        self.engine = ""
        self.deaths = 0
        self.lost = 0
        self._take_all()

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    @property
    def numbers(self) -> list[int]:
        """The numbers of the pages stored here."""
        return sorted(self._places)

    @property
    def missing(self) -> list[int] | None:
        """Return the numbers of the pages not here yet; None while the total is unknown."""
        if not self.total:
            return None
        return [n for n in range(1, self.total + 1) if n not in self._places]

    def pages(self) -> Iterator[dict[str, Any]]:
        """Yield the pages in order of their numbers, as `PageReading.to_dict` wrote them."""
        for number in self.numbers:
            yield self.page(number)

    def page(self, number: int) -> dict[str, Any]:
        """Return one page that is here. Raise KeyError where it is not."""
        self._stream.seek(self._places[number])
        page: dict[str, Any] = json.loads(self._stream.readline())["page"]
        return page

    def keep(self, page: PageReading, total: int) -> None:
        """Add a page and write it to disk at once."""
        self.total = total
        self._places[page.number] = self._write({"total": total, "page": page.to_dict()})

    def note(self, *, engine: str = "", deaths: int = 0, lost: int = 0) -> None:
        """Record the engine's name, deaths and losses as they are known now."""
        self.engine, self.deaths, self.lost = engine or self.engine, deaths or self.deaths, lost
        self._write({"engine": self.engine, "deaths": self.deaths, "lost": self.lost})

    def _take_all(self) -> None:
        """Read what is there; a truncated line, and what follows it, is discarded."""
        self._stream.seek(0)
        place = 0
        for line in self._stream:
            if not (line.endswith(b"\n") and self._take(line, place)):
                self._stream.truncate(place)
                return
            place += len(line)

    def _take(self, line: bytes, place: int) -> bool:
        try:
            event = json.loads(line)
            if "page" in event:
                page, self.total = PageReading.from_dict(event["page"]), int(event["total"])
                self._places[page.number] = place
            else:
                self.engine = str(event["engine"])
                self.deaths, self.lost = int(event["deaths"]), int(event["lost"])
        except (ValueError, KeyError, TypeError):
            return False
        return True

    def _write(self, event: dict[str, Any]) -> int:
        place = self._stream.seek(0, 2)
        self._stream.write(json.dumps(event, ensure_ascii=False).encode() + b"\n")
        self._stream.flush()
        return place


def open_spool(folder: Path, name: str) -> Spool:
    """Open the spool of that name, locked for this worker alone.

    Where another worker holds it, return one that is temporary.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stream = (folder / f"{name}.jsonl").open("a+b")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stream.close()
        return Spool(tempfile.TemporaryFile(dir=folder))
    return Spool(stream)


def forget(folder: Path, name: str) -> None:
    """Remove the spool of a reading that is recorded."""
    (folder / f"{name}.jsonl").unlink(missing_ok=True)


def forget_old(folder: Path, *, seconds: float) -> int:
    """Remove the spools unchanged for so long; return how many."""
    before = time.time() - seconds
    old = [path for path in folder.glob("*.jsonl") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
