"""Reading in a child process that may crash, hang or eat memory without hurting anybody.

The parent only trusts the clock: a page that takes too long costs the child its life, and a new
child goes on behind that page. Nothing of the file's content gets into messages or logs.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ocr.errors import ReaderFailed, Unreadable
from ocr.limits import Limits
from ocr.reader import LANGUAGES
from ocr.reading import Language, PageReading, Reading, Speed
from ocr.tessdata import ROOT

OnPage = Callable[[PageReading, int], None]
_OPENING_SECONDS = 20.0  # beyond a page's time: start of Python, opening, the first page
_MOST_DEATHS = 6  # children one file may cost before the rest of it is given up
_LINE_BYTES = 64_000_000
_CODES: dict[str, Language] = {"ara": "ar", "fra": "fr", "eng": "en"}


@dataclass
class _Progress:
    pages: list[PageReading] = field(default_factory=list)
    total: int = 0
    engine: str = ""
    ended: bool = False

    @property
    def next(self) -> int:
        return self.pages[-1].number + 1 if self.pages else 1


class _Died(Exception):
    """The child went without an answer; `code` is crashed or timeout, `reason` for the log."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def language_codes(tesseract: str) -> tuple[Language, ...]:
    """OCR_LANGUAGES ("ara+fra+eng") as languages. Raises ValueError on one that is not read."""
    wanted = [code.strip() for code in tesseract.replace(",", "+").split("+") if code.strip()]
    unknown = [code for code in wanted if code not in _CODES]
    if unknown or not wanted:
        raise ValueError(f"OCR languages are {', '.join(_CODES)}; not {tesseract!r}")
    return tuple(_CODES[code] for code in wanted) or LANGUAGES


def read_in_child(
    path: Path,
    *,
    media_type: str | None = None,
    on_page: OnPage | None = None,
    page_seconds: float = Limits.page_seconds,
    languages: str = "ara+fra+eng",
    limits: Limits | None = None,
    speed: Speed = "careful",
    known: Sequence[PageReading] = (),
    known_total: int = 0,
) -> Reading:
    """Read a file in a child process; `on_page(page, total)` after each page that was not `known`
    (the first pages of `known_total`, from an earlier attempt).

    A page on which the child dies is tried once more in a fresh one, then marked `crashed` or
    `timeout`, and the next page is read. Raises Unreadable when the file can't be opened at all,
    ReaderFailed when the child dies before it answered anything, twice.
    """
    limits = limits or Limits()
    progress = _Progress(list(known), total=known_total)
    options = _options(path, media_type, page_seconds, limits)
    options += ["--languages", languages, "--speed", speed]
    deaths = tries = 0
    while not progress.ended:
        before = progress.next
        try:
            _follow(["read", *options, "--first", str(before)], progress, page_seconds, on_page)
        except _Died as death:
            deaths += 1
            tries = tries + 1 if progress.next == before else 1
            if tries >= 2 or death.code == "timeout" or deaths >= _MOST_DEATHS:
                _give_up_page(progress, death, on_page, rest=deaths >= _MOST_DEATHS)
                tries = 0
    return Reading.of_pages(progress.pages, engine=progress.engine or "none")


def render_in_child(
    path: Path,
    media_type: str | None,
    number: int,
    width: int,
    *,
    turn: int = 0,
    seconds: float = 30.0,
) -> bytes:
    """Page `number` (from 1) as WebP bytes, `width` pixels wide, turned `turn` degrees clockwise.

    Raises Unreadable (unsupported for what has no picture), ReaderFailed.
    """
    options = _options(path, media_type, seconds, Limits())
    extra = ["--number", str(number), "--width", str(width), "--turn", str(turn)]
    with _child(["picture", *options, *extra]) as process:
        try:
            out = b"".join(_chunks(process, seconds))
        except _Died as death:
            raise Unreadable("timeout", "picture") from death
        if out.startswith(b"RIFF"):
            return out
        raise _picture_error(out, process.wait())


def _picture_error(out: bytes, code: int | None) -> Exception:
    try:
        event = json.loads(out)
        return Unreadable(event["code"], event["detail"])
    except (ValueError, KeyError, TypeError):
        return ReaderFailed(_how_it_ended(code))


def _options(path: Path, media_type: str | None, seconds: float, limits: Limits) -> list[str]:
    options = [str(path.absolute()), "--page-seconds", str(seconds)]
    options += ["--most-pages", str(limits.pages), "--most-pixels", str(limits.pixels)]
    options += ["--most-memory", str(limits.memory_bytes)]
    return options + (["--media-type", media_type] if media_type else [])


def _give_up_page(progress: _Progress, death: _Died, on_page: OnPage | None, *, rest: bool) -> None:
    """Mark the page (or all that remain) as not read. Raises when nothing was ever answered."""
    if not progress.total:
        if death.code == "timeout":
            raise Unreadable("timeout", "opening")
        raise ReaderFailed(str(death))
    last = progress.total if rest else progress.next
    for number in range(progress.next, last + 1):
        page = PageReading(number, "none", problem=death.code)
        progress.pages.append(page)
        if on_page:
            on_page(page, progress.total)
    progress.ended = progress.next > progress.total


def _follow(
    arguments: list[str], progress: _Progress, page_seconds: float, on_page: OnPage | None
) -> None:
    """Run one child and take its events until it ends. Raises _Died, Unreadable."""
    with _child(arguments) as process:
        for line in _lines(process, page_seconds):
            _take(line, progress, on_page)
            if progress.ended:
                return
        raise _Died("crashed", _how_it_ended(process.wait()))


def _take(line: bytes, progress: _Progress, on_page: OnPage | None) -> None:
    try:
        event = json.loads(line)
        kind = event["event"]
        if kind == "page":
            page, total = PageReading.from_dict(event["page"]), int(event["total"])
        elif kind == "end":
            progress.engine, progress.ended = str(event["engine"]), True
            return
        else:
            raise Unreadable(str(event["code"]), str(event["detail"]))
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError):
        raise _Died("crashed", "the reader answered nonsense") from None
    progress.pages.append(page)
    progress.total = total
    if on_page:
        on_page(page, total)


def _lines(process: subprocess.Popen[bytes], page_seconds: float) -> Iterator[bytes]:
    """The child's lines as they come; each may take a page's time. Raises _Died."""
    pending: list[bytes] = []
    for chunk in _chunks(process, page_seconds + _OPENING_SECONDS):
        head, *rest = chunk.split(b"\n")
        pending.append(head)
        for part in rest:
            yield b"".join(pending)
            pending = [part]
        if sum(map(len, pending)) > _LINE_BYTES:
            raise _Died("crashed", "the reader said too much")


def _chunks(process: subprocess.Popen[bytes], seconds: float) -> Iterator[bytes]:
    """What the child prints; a line may take so many seconds. Raises _Died: timeout.

    (`communicate` would close the child's stdin, which tells it that its parent is gone.)
    """
    assert process.stdout is not None  # noqa: S101 - opened as a pipe
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        deadline = time.monotonic() + seconds
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise _Died("timeout", "the page took too long")
            chunk = os.read(process.stdout.fileno(), 1 << 20)
            if not chunk:
                return
            yield chunk
            if b"\n" in chunk:
                deadline = time.monotonic() + seconds


@contextlib.contextmanager
def _child(arguments: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A child in a process group and a temporary folder of its own; both are gone at the end."""
    with tempfile.TemporaryDirectory(prefix="sijill-read-", ignore_cleanup_errors=True) as scratch:
        process = subprocess.Popen(
            [sys.executable, "-m", "ocr.child", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=_environment(scratch),
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
            process.wait()


def _environment(scratch: str) -> dict[str, str]:
    """No secret of the office reaches the child."""
    kept = ("PATH", "OCR_MODELS_DIR", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "VIRTUAL_ENV")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return environment | {
        "TMPDIR": scratch,
        "HOME": scratch,
        "LANG": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"the reader was ended by {signal.Signals(-code).name}"
    return f"the reader ended with status {code}"
