"""`channels.batch.child`, started, listened to and ended: what it says of a batch's pages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from jobs.children.confined import Confined, Died

PAGE_SECONDS: Final = 60.0
EXTRACT_SECONDS: Final = 300.0
_CHILD: Final = "channels.batch.child"


class UnreadableError(Exception):
    """The file, or a page of it, could not be opened; `code` is damaged or timeout."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def look(path: Path, folder: Path, *, first: int = 0, last: int = 0) -> Iterator[dict[str, Any]]:
    """What the child says of each page. Raises UnreadableError."""
    with Confined(_CHILD, ["look", str(path), str(folder), str(first), str(last)]) as child:
        try:
            for line in child.await_lines(PAGE_SECONDS):
                yield json.loads(line)
            code = child.status(PAGE_SECONDS)
        except (Died, ValueError) as death:
            timeout = isinstance(death, Died) and death.code == "timeout"
            raise UnreadableError("timeout" if timeout else "damaged") from death
    if code != 0:
        raise UnreadableError("damaged")


def extract(path: Path, folder: Path, letters: list[list[int]]) -> None:
    """Each letter's pages into a file of `folder` named by the first of them; those that cannot be
    made are not there. Raises UnreadableError."""
    said = ";".join(",".join(map(str, pages)) for pages in letters)
    with Confined(_CHILD, ["extract", str(path), str(folder), said]) as child:
        try:
            code = child.status(EXTRACT_SECONDS)
        except Died as death:
            raise UnreadableError("timeout") from death
    if code != 0:
        raise UnreadableError("damaged")
