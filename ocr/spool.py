"""Pages already read of a file whose reading is not recorded yet.

A worker that is killed on page 400 goes on behind it. One file of JSON lines for each original,
gone once its reading is recorded."""

from __future__ import annotations

import contextlib
import fcntl
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from ocr.reading import PageReading


class Spool:
    """What is known of one file: `pages`, the `total` of its pages, and how often its reader died.

    With `stream` None (another worker holds it) it knows and keeps nothing.
    """

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._stream = stream
        self.pages: list[PageReading] = []
        self.total = 0
        self.deaths = 0
        for line in stream or ():
            if not self._take(line):
                break

    def keep(self, page: PageReading, total: int) -> None:
        """Add a page, at once on its way to disk."""
        self.pages.append(page)
        self.total = total
        self._write({"total": total, "page": page.to_dict()})

    def note_death(self) -> int:
        """Count a reader that died on this file; returns the count."""
        self.deaths += 1
        self._write({"death": self.deaths})
        return self.deaths

    def _take(self, line: bytes) -> bool:
        """False at a line that was cut off in writing: it and what follows are given up."""
        try:
            event = json.loads(line)
            if "death" in event:
                self.deaths = int(event["death"])
            else:
                page = PageReading.from_dict(event["page"])
                if page.number != len(self.pages) + 1:
                    raise ValueError("pages out of order")
                self.pages.append(page)
                self.total = int(event["total"])
        except (ValueError, KeyError, TypeError):
            self._start_again()
            return False
        return True

    def _start_again(self) -> None:
        pages, total, deaths = self.pages, self.total, self.deaths
        if self._stream:
            self._stream.seek(0)
            self._stream.truncate()
        if deaths:
            self._write({"death": deaths})
        for page in pages:
            self._write({"total": total, "page": page.to_dict()})

    def _write(self, event: dict[str, Any]) -> None:
        if self._stream:
            self._stream.write(json.dumps(event, ensure_ascii=False).encode() + b"\n")
            self._stream.flush()


@contextlib.contextmanager
def open_spool(folder: Path, name: str) -> Iterator[Spool]:
    """The spool of a file by its SHA-256, held for this worker alone."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.jsonl").open("a+b") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield Spool(None)
            return
        stream.seek(0)
        yield Spool(stream)


def forget(folder: Path, name: str) -> None:
    """The reading is recorded: its spool is of no more use."""
    (folder / f"{name}.jsonl").unlink(missing_ok=True)
