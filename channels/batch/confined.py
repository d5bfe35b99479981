"""Run `channels.batch.child` as a confined process and read its reports on a batch's pages."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from channels.batch.cutting import UPRIGHT
from sandbox.process import ChildDied, SandboxedProcess

PAGE_SECONDS: Final = 60.0
EXTRACT_SECONDS: Final = 300.0
_CHILD: Final = "channels.batch.child"


class UnreadableError(Exception):
    """The file, or a page of it, could not be opened; `code` is damaged or timeout."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def inspect(path: Path, folder: Path, *, first: int = 0, last: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the child's report on each page.

    Raise UnreadableError.
    """
    arguments = ["inspect", str(path), str(folder), str(first), str(last)]
    yield from _answers(arguments, PAGE_SECONDS, reads=path, writes=folder)


def draw(path: Path, target: Path, *, page: int, width: int, turn: int) -> None:
    """Write the picture of one page, turned clockwise, to `target`. Raise UnreadableError."""
    told = ["draw", str(path), str(target), str(page), str(width), str(turn)]
    for _answer in _answers(told, PAGE_SECONDS, reads=path, writes=target.parent):
        pass


def extract(
    path: Path, folder: Path, letters: list[list[int]], turns: Mapping[int, int] = UPRIGHT
) -> None:
    """Write each letter's pages, turned, into a file of `folder` named by its first page.

    Letters that cannot be made have no file. Raise UnreadableError.
    """
    said = ";".join(",".join(f"{n}:{turns.get(n, 0)}" for n in pages) for pages in letters)
    told = ["extract", str(path), str(folder), said]
    for _answer in _answers(told, EXTRACT_SECONDS, reads=path, writes=folder):
        pass


def _answers(
    arguments: list[str], seconds: float, *, reads: Path, writes: Path
) -> Iterator[dict[str, Any]]:
    with SandboxedProcess(_CHILD, arguments, reads=[reads], writes=[writes]) as child:
        try:
            for line in child.await_lines(seconds):
                answer = json.loads(line)
                if "code" in answer:
                    raise UnreadableError("damaged")
                yield answer
            code = child.status(PAGE_SECONDS)
        except (ChildDied, ValueError) as death:
            timeout = isinstance(death, ChildDied) and death.code == "timeout"
            raise UnreadableError("timeout" if timeout else "damaged") from death
    if code != 0:
        raise UnreadableError("damaged")
