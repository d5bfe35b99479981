"""Making a searchable PDF in child processes: page words go in, a part of the PDF comes out.

As in reading, the parent relies on timeouts alone, and untrusted files are opened in
`ocr.child`.
"""

from __future__ import annotations

import json
import selectors
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ocr.children.confined import Child, options
from ocr.children.worker_pool import OPENING_SECONDS
from ocr.errors import Unreadable
from ocr.limits import Limits
from sandbox.process import ChildDied

PART = 40  # pages that one child process makes
END = "end"  # the line behind the last page


def part_in_child(
    path: Path,
    pages: Iterable[dict[str, Any]],
    out: Path,
    *,
    media_type: str | None = None,
    page_seconds: float = Limits.page_seconds,
    limits: Limits | None = None,
    on_page: Callable[[int], None] = lambda number: None,
) -> None:
    """Run `archive.write_part` in a child on these pages (ocr.reading's JSON), timed page by page.

    Raise Unreadable, also with `timeout` and `crashed` where the child does not finish.
    """
    arguments = options(path, media_type, page_seconds, limits or Limits())
    told = ["archive", *arguments, "--out", str(out.absolute())]
    with Child(told, reads=[path], writes=[out.parent]) as child:
        for page in pages:
            child.ask(json.dumps(page))
            _await(child, "page", page_seconds + OPENING_SECONDS)
            on_page(int(page["number"]))
        child.ask(END)
        _await(child, END, page_seconds + OPENING_SECONDS)


def join_in_child(
    parts: Iterable[Path], out: Path, *, language: str, seconds: float = 300.0
) -> None:
    """Run `archive.join_parts` in a child within `seconds`.

    Raise Unreadable, as `part_in_child` does.
    """
    arguments = options(out, None, seconds, Limits())
    told, read = (
        ["join", *arguments, "--language", language, "--out", str(out.absolute())],
        [*parts],
    )
    with Child(told, reads=read, writes=[out.parent]) as child:
        for part in read:
            child.ask(str(part.absolute()))
        child.ask(END)
        _await(child, END, seconds)


def _await(child: Child, wanted: str, seconds: float) -> None:
    """Wait until the child reports that it did what was requested. Raise Unreadable."""
    deadline = time.monotonic() + seconds
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(child.fileno(), selectors.EVENT_READ)
            while selector.select(max(0.0, deadline - time.monotonic())):
                if wanted in [_event(line) for line in child.lines()]:
                    return
    except ChildDied as death:
        raise Unreadable(death.code, "archive") from None
    raise Unreadable("timeout", "archive")


def _event(line: bytes) -> str:
    try:
        event = json.loads(line)
        kind = str(event["event"])
        if kind != "error":
            return kind
        code = str(event["code"])
    except (ValueError, KeyError, TypeError):
        raise Unreadable("crashed", "nonsense") from None
    raise Unreadable(code if code in Unreadable.CODES else "crashed", "archive")
