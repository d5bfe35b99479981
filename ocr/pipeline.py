"""The order of work: identify and open the file, then read each page's own text or its picture.

`read_file` trusts no input: run it in `ocr.child`, behind limits of the system.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Protocol

from PIL import Image

from ocr.engines.contract import Engine, Tesseract
from ocr.engines.rapid import find_second_reader
from ocr.errors import EngineFailed, EngineTimeout, Unreadable
from ocr.limits import Limits
from ocr.media import family, sniff
from ocr.pdf.kept_numbers import with_layer_numbers
from ocr.pdf.layer_numbers import DOUBT, with_doubted_numbers
from ocr.pdf.pages import Layer
from ocr.pdf.witness import agrees, as_a_guess, holds, patched, weigh, with_pictures
from ocr.picture.look import LOOKED_AT, look_of_words
from ocr.picture_reading import PictureReading
from ocr.quality import language_of
from ocr.reader import Reader
from ocr.reading import LANGUAGES, Language, PageReading, Reading, Speed

OnPage = Callable[[PageReading, int], None]


class Pages(Protocol):
    """An opened file: numbered pages, each with its own text, a picture, or both."""

    total: int

    def layer(self, number: int) -> Layer | None:
        """Return the page's own text."""

    def picture(self, number: int) -> Image.Image:
        """Return the page in grey."""

    def size(self, number: int, picture: Image.Image | None = None) -> tuple[int, int]:
        """Return width and height of the upright page, as `PageReading` says.

        They are those after `picture` was read, or without one where the page's own text was taken.
        """

    def close(self) -> None:
        """Close the file."""


def read_file(
    path: Path,
    *,
    media_type: str | None = None,
    languages: tuple[Language, ...] = LANGUAGES,
    on_page: OnPage | None = None,
    first: int = 1,
    limits: Limits | None = None,
    engine: Engine | None = None,
    speed: Speed = "careful",
) -> Reading:
    """Read a file from page `first` on; call `on_page(page, total)` after each page.

    A page that can't be read carries its problem, and the rest goes on. Raise Unreadable when the
    file as a whole can't be opened.
    """
    limits = limits or Limits()
    opened = open_pages(path, media_type=media_type, limits=limits)
    reader = make_reader(languages=languages, limits=limits, engine=engine, speed=speed)
    pages = []
    try:
        for number in range(first, opened.total + 1):
            page = read_page(opened, number, reader)
            pages.append(page)
            if on_page:
                on_page(page, opened.total)
    finally:
        opened.close()
    return Reading.of_pages(pages, engine=reader.engine.name)


def make_reader(
    *,
    limits: Limits,
    languages: tuple[Language, ...] = LANGUAGES,
    engine: Engine | None = None,
    speed: Speed = "careful",
) -> Reader:
    """Return the reader of pictures that the office uses.

    A second one is behind it for weak pages and careful reading where one is installed. Raise
    EngineFailed without Tesseract.
    """
    engine, second = engine or Tesseract(), find_second_reader()
    witness = engine.witness() if isinstance(engine, Tesseract) else None
    return Reader(
        engine, languages, limits.page_seconds, speed=speed, second=second, witness=witness
    )


def open_pages(path: Path, *, media_type: str | None, limits: Limits) -> Pages:
    """Open a file by what its bytes are; the claimed type is only a fallback.

    Raise Unreadable: empty, encrypted, damaged, unsupported, too_large.
    """
    sniffed = sniff(path)
    try:
        kind = family(sniffed)
    except Unreadable:
        if not media_type:
            raise
        kind = family(media_type)
    if kind == "pdf":
        from ocr.pdf.pages import PdfPages

        return PdfPages(path, limits)
    if kind == "image":
        from ocr.picture.images import Pictures

        return Pictures(path, limits)
    from ocr.written.office import read_pages

    return TextPages(read_pages(path, kind, limits))


class TextPages:
    """Pages that are text only."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self.total = len(texts)
        if not any(text.strip() for text in texts):
            raise Unreadable("empty", "no text")

    def layer(self, number: int) -> Layer | None:
        """Return the text itself."""
        return Layer(self._texts[number - 1], (), trusted=True)

    def picture(self, number: int) -> Image.Image:
        """Raise Unreadable: there is no picture."""
        raise Unreadable("unsupported", "no picture of a text file")

    def size(self, number: int, picture: Image.Image | None = None) -> tuple[int, int]:
        """Return no size, (0, 0)."""
        return 0, 0

    def close(self) -> None:
        """Do nothing."""


def read_page(pages: Pages, number: int, reader: Reader) -> PageReading:
    """Read one page, whatever happens to it."""
    started = time.monotonic()
    try:
        page = _read_page(pages, number, reader)
    except Unreadable as error:
        page = PageReading(number, "none", problem=error.code)
    except MemoryError:
        page = PageReading(number, "none", problem="too_large")
    except EngineTimeout:
        page = PageReading(number, "none", problem="timeout")
    except EngineFailed:
        page = PageReading(number, "none", problem="engine")
    if page.source == "none" and not page.problem:
        page = replace(page, problem="empty")
    if number > LOOKED_AT:
        page = replace(page, look="")
    return page.lasting(time.monotonic() - started)


def _read_page(pages: Pages, number: int, reader: Reader) -> PageReading:
    layer = pages.layer(number)
    if isinstance(pages, TextPages) and layer:
        return _own(layer, number, (0, 0))
    draw = cache(lambda: pages.picture(number))
    weight = weigh(layer)
    if layer and weight == "sample" and agrees(layer, draw(), reader):
        weight = "believe"
    if layer and weight == "believe":
        layer, pasted = with_pictures(with_doubted_numbers(layer, draw), draw, reader)
        return _own(layer, number, pages.size(number), pasted)
    try:
        read = reader.read(draw())
    except EngineTimeout:
        if layer and layer.trusted and (page := _guessed(layer, number, pages.size(number))).text:
            return page
        raise
    if layer and weight == "patch":
        doubted = with_doubted_numbers(layer, draw)
        return _own(patched(doubted, read), number, pages.size(number), read)
    if layer and weight != "refuse" and holds(layer, read):
        return _own(layer, number, pages.size(number))
    if layer and layer.trusted and read.text:
        read = with_layer_numbers(read, layer)
    elif layer and layer.trusted and read.problem:
        return _guessed(layer, number, pages.size(number))
    return _seen(read, number, pages.size(number, draw()))


def _seen(read: PictureReading, number: int, size: tuple[int, int]) -> PageReading:
    """Return the page as its picture was read."""
    width, height = size[::-1] if read.turn % 180 else size
    return PageReading(
        number,
        "ocr" if read.text else "none",
        read.language,
        read.confidence,
        read.text,
        read.words,
        turn=read.turn,
        care=read.care,
        width=width,
        height=height,
        problem=read.problem,
        look=read.look,
    )


def _guessed(layer: Layer, number: int, size: tuple[int, int]) -> PageReading:
    """Return the page with those parts of its own text that can be text; its picture gave none."""
    page = _own(as_a_guess(layer), number, size)
    return replace(page, confidence=DOUBT, problem="doubtful") if page.text else page


def _own(
    layer: Layer, number: int, size: tuple[int, int], pasted: PictureReading | None = None
) -> PageReading:
    """Return the page by its own text; `pasted`: the reading of its pictures, already in it."""
    width, height = size[::-1] if layer.turn % 180 else size
    return PageReading(
        number,
        "text" if layer.text.strip() else "none",
        language_of(layer.text),
        1.0,
        layer.text,
        layer.words,
        turn=layer.turn,
        care=pasted.care if pasted else "",
        width=width,
        height=height,
        look=look_of_words(layer.words, aspect=layer.aspect),
    )
