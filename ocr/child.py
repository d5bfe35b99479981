"""The process in which untrusted files are opened: `python -m ocr.child COMMAND PATH`.

It has limits on memory, processor time and written bytes, a temporary folder of its own and no core
dumps, and ends with its parent. It prints one JSON line per event, or the bytes of a picture; it
reads the numbers of the pages to read from stdin, one a line. No Django: it starts in a fraction of
a second.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ocr.errors import EngineFailed, Unreadable
from ocr.limits import Limits
from ocr.reading import SPEEDS
from sandbox.limits import more_cpu
from sandbox.serve import Allowance, Answer, Command, Request, say, serve

if TYPE_CHECKING:
    from ocr.pipeline import Pages
    from ocr.reader import Reader
    from ocr.reading import PageReading

_GRACE_CPU_SECONDS = 30
_QUALITY = 82


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ocr.child")
    parser.add_argument("path", type=Path)
    parser.add_argument("--media-type", default="")
    parser.add_argument("--languages", default="ara+fra+eng")
    parser.add_argument("--page-seconds", type=float, default=Limits.page_seconds)
    parser.add_argument("--most-pages", type=int, default=Limits.pages)
    parser.add_argument("--most-pixels", type=int, default=Limits.pixels)
    parser.add_argument("--most-memory", type=int, default=Limits.memory_bytes)
    parser.add_argument("--speed", choices=SPEEDS, default="careful")
    parser.add_argument("--number", type=int, default=1)
    parser.add_argument("--width", type=int, default=1000)
    parser.add_argument("--turn", type=int, default=0)
    parser.add_argument("--language", default="")
    parser.add_argument("--out", type=Path)
    return parser.parse_args(arguments)


def _limits(wanted: argparse.Namespace) -> Limits:
    return Limits(
        pages=wanted.most_pages,
        pixels=wanted.most_pixels,
        page_seconds=wanted.page_seconds,
        memory_bytes=wanted.most_memory,
    )


def _allowance(arguments: Sequence[str]) -> Allowance:
    limits = _limits(_parse(arguments))
    return Allowance(
        address_bytes=limits.address_bytes,
        memory_bytes=limits.memory_bytes,
        file_bytes=limits.file_bytes,
        cpu_seconds=limits.page_seconds + _GRACE_CPU_SECONDS,
    )


def _command(do: Callable[[argparse.Namespace, Limits], None]) -> Command:
    """Return the command as `serve` calls it, with the parent's pipe in `asked`."""

    def run(request: Request) -> None:
        wanted = _parse(request.arguments)
        wanted.asked = request.pipe
        do(wanted, _limits(wanted))

    return run


def _more_cpu(limits: Limits) -> None:
    """Allow processor time for one more page."""
    more_cpu(limits.page_seconds + _GRACE_CPU_SECONDS)


def _read(wanted: argparse.Namespace, limits: Limits) -> None:
    from ocr.children.sandbox import language_codes
    from ocr.pipeline import make_reader, open_pages

    pages = open_pages(wanted.path, media_type=wanted.media_type or None, limits=limits)
    languages = language_codes(wanted.languages)
    reader = make_reader(limits=limits, languages=languages, speed=wanted.speed)
    say({"event": "open", "total": pages.total, "engine": reader.engine.name})
    for line in wanted.asked:
        page = _page(pages, int(line), reader)
        say({"event": "page", "page": page.to_dict()})
        _more_cpu(limits)


def _page(pages: Pages, number: int, reader: Reader) -> PageReading:
    """Read the page, or report why not: an unforeseen failure in it costs no other page."""
    from ocr.pipeline import read_page
    from ocr.reading import PageReading

    try:
        return read_page(pages, number, reader)
    except Exception:  # the exception's message may quote the file
        return PageReading(number, "none", problem="damaged")


def _picture(wanted: argparse.Namespace, limits: Limits) -> None:
    """Write the page as WebP to stdout: half of JPEG's bytes for text of equal quality."""
    from ocr.pdf.pages import PdfPages
    from ocr.picture.images import Pictures, flat
    from ocr.pipeline import open_pages

    pages = open_pages(wanted.path, media_type=wanted.media_type or None, limits=limits)
    if not 1 <= wanted.number <= pages.total:
        raise Unreadable("empty", "no such page")
    if isinstance(pages, PdfPages):
        picture = pages.colour(wanted.number, width=wanted.width)
    elif isinstance(pages, Pictures):
        picture = flat(pages.colour(wanted.number))
    else:
        raise Unreadable("unsupported", "no picture of a text file")
    if wanted.turn:
        picture = picture.rotate(-wanted.turn, expand=True)
    picture.thumbnail((wanted.width, 3 * wanted.width))
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=2)
    sys.stdout.buffer.write(out.getvalue())
    sys.stdout.buffer.flush()


def _dial(wanted: argparse.Namespace, limits: Limits) -> None:
    """Say what stands on the dial of a meter; `--number` is how many figures it has."""
    from ocr.dials import read_dial
    from ocr.picture.images import Pictures

    seen = read_dial(Pictures(wanted.path, limits).colour(1), digits=wanted.number)
    say({"event": "dial", "index": seen.index, "doubt": seen.doubt})


def _archive(wanted: argparse.Namespace, limits: Limits) -> None:
    """Write one page into the PDF for each page that comes as a JSON line on stdin."""
    from ocr.archive.writing import write_part
    from ocr.reading import PageReading

    def on_page(number: int) -> None:
        _more_cpu(limits)
        say({"event": "page", "number": number})

    pages = (PageReading.from_dict(json.loads(line)) for line in _asked(wanted))
    media_type = wanted.media_type or None
    write_part(
        wanted.path, pages, wanted.out, media_type=media_type, limits=limits, on_page=on_page
    )
    say({"event": "end"})


def _join(wanted: argparse.Namespace, _limits: Limits) -> None:
    """Join the parts whose paths come on stdin."""
    from ocr.archive.joining import join_parts

    parts = [Path(os.fsdecode(line)) for line in _asked(wanted)]
    join_parts(parts, wanted.out, language=wanted.language)
    say({"event": "end"})


def _office(wanted: argparse.Namespace, limits: Limits) -> None:
    from ocr.written.rendition import render

    media_type = wanted.media_type or None
    total = render(wanted.path, wanted.out, media_type=media_type, seconds=limits.page_seconds)
    say({"event": "end", "total": total})


def _asked(wanted: argparse.Namespace) -> Iterator[bytes]:
    """Yield the lines from the parent up to the one that ends them."""
    for line in wanted.asked:
        if line.strip() == b"end":
            return
        yield line.rstrip(b"\n")


def _error(code: str, detail: str) -> Answer:
    return {"code": code, "detail": detail}


COMMANDS = {
    "read": _read,
    "picture": _picture,
    "dial": _dial,
    "archive": _archive,
    "join": _join,
    "office": _office,
}

if __name__ == "__main__":
    sys.exit(
        serve(
            {name: _command(do) for name, do in COMMANDS.items()},
            allowance=_allowance,
            refusals={
                Unreadable: lambda error: _error(error.code, error.detail),
                EngineFailed: lambda error: _error("engine", str(error)),
            },
        )
    )
