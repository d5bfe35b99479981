"""Reading in child processes that may crash, hang or exhaust memory without affecting others."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from ocr.children.confined import Child, options
from ocr.children.cores import Cores
from ocr.children.worker_pool import OnPage, Outcome, WorkerPool
from ocr.errors import ReaderFailed, Unreadable
from ocr.limits import Limits
from ocr.reading import LANGUAGES, Language, PageReading, Reading, Speed
from sandbox.process import ChildDied, how_it_ended

_CODES: dict[str, Language] = {"ara": "ar", "fra": "fr", "eng": "en"}


def language_codes(tesseract: str) -> tuple[Language, ...]:
    """Parse OCR_LANGUAGES ("ara+fra+eng"). Raise ValueError on a language that is not supported."""
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
    processes: int = 1,
) -> Reading:
    """Read a whole file in up to `processes` child processes.

    `on_page(page, total)` is called as pages are finished, in order where there is one process.

    A page on which a child crashes is tried once more, then marked `crashed` or `timeout`. Raise
    Unreadable when the file can't be opened at all, ReaderFailed when the child crashes twice
    before its first answer.
    """
    pages: dict[int, PageReading] = {}

    def keep(page: PageReading, total: int) -> None:
        pages[page.number] = page
        if on_page:
            on_page(page, total)

    outcome = read_pages(
        path,
        on_page=keep,
        media_type=media_type,
        page_seconds=page_seconds,
        languages=languages,
        limits=limits,
        speed=speed,
        cores=Cores(processes),
    )
    return Reading.of_pages([pages[number] for number in sorted(pages)], engine=outcome.engine)


def read_pages(
    path: Path,
    *,
    on_page: OnPage,
    numbers: Sequence[int] | None = None,
    media_type: str | None = None,
    page_seconds: float = Limits.page_seconds,
    languages: str = "ara+fra+eng",
    limits: Limits | None = None,
    speed: Speed = "careful",
    cores: Cores | None = None,
    go_on: Callable[[], bool] = lambda: True,
    deaths: int = 0,
) -> Outcome:
    """Read these pages (all where None) without keeping them.

    `on_page(page, total)` is called with each finished page; `go_on()` is called before each
    further page, which is begun only if it returns True. `deaths`: how many children the file has
    crashed before. Raise as `read_in_child`.
    """
    arguments = ["read", *options(path, media_type, page_seconds, limits or Limits())]
    arguments += ["--languages", languages, "--speed", speed]
    return WorkerPool(
        path,
        arguments,
        numbers=numbers,
        page_seconds=page_seconds,
        on_page=on_page,
        cores=cores or Cores(1),
        go_on=go_on,
        deaths=deaths,
    ).run()


def render_in_child(
    path: Path,
    media_type: str | None,
    number: int,
    width: int,
    *,
    turn: int = 0,
    seconds: float = 30.0,
) -> bytes:
    """Render page `number` (from 1) as WebP bytes, `width` pixels wide.

    The page is rotated `turn` degrees clockwise. Raise Unreadable (`unsupported` for what has no
    picture, `timeout` after `seconds`) or ReaderFailed.
    """
    arguments = ["picture", *options(path, media_type, seconds, Limits())]
    arguments += ["--number", str(number), "--width", str(width), "--turn", str(turn)]
    with Child(arguments, reads=[path]) as child:
        try:
            out = child.everything(seconds)
        except ChildDied as death:
            raise Unreadable("timeout", "picture") from death
        if out.startswith(b"RIFF"):
            return out
        raise _picture_error(out, child.status())


def _picture_error(out: bytes, code: int) -> Exception:
    try:
        event = json.loads(out)
        return Unreadable(event["code"], event["detail"])
    except (ValueError, KeyError, TypeError):
        return ReaderFailed(how_it_ended(code))
