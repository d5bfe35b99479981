"""The careful reading: weak or missed parts of the quick one, read again by all other readers.

It keeps the better reading line by line, so that it is never worse than the quick one alone. When a
reader fails here, or the page's time ends, the quick reading is kept.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from ocr.careful.arabic import at_other_size, read_arabic
from ocr.careful.latin import read_latin
from ocr.careful.page import CarefulPage
from ocr.careful.secondlook import missed_rows, read_missed_lines, read_weak_lines
from ocr.engines.contract import Engine, SecondReader, SeenLine
from ocr.errors import EngineFailed, EngineTimeout
from ocr.picture.layout import Page
from ocr.reading import Language

_WEAK_PAGE = 0.83  # measured: about a quarter of the pages of the corpus are below
_MOST_MISSED = 1  # rows of ink; one is often a rule or a stamp


def is_weak(page: Page, lines: list[SeenLine]) -> bool:
    """Return whether a page's quick reading needs another: it is unsure, or lines were missed."""
    letters = sum(len(word.text) for line in lines for word in line.words)
    sure = sum(len(word.text) * word.confidence for line in lines for word in line.words)
    if not letters or sure / letters < _WEAK_PAGE:
        return True
    return len(missed_rows(page, lines)) > _MOST_MISSED


def reread(
    picture: Image.Image,
    page: Page,
    lines: list[SeenLine],
    *,
    language: Language,
    languages: tuple[Language, ...],
    engine: Engine,
    second: SecondReader | None,
    left: Callable[[], float],
    witness: Engine | None = None,
    shaded: Callable[[], Image.Image | None] = lambda: None,
) -> list[SeenLine]:
    """Return the lines of a straightened page in reading order, each in its better reading.

    `left()` gives the seconds that remain for the page and raises EngineTimeout when none do.
    """
    sheet = CarefulPage(picture, page, language, languages, engine, left, witness, shaded)
    try:
        return _read(sheet, lines, second)
    except (EngineFailed, EngineTimeout):
        return lines


def _read(sheet: CarefulPage, lines: list[SeenLine], second: SecondReader | None) -> list[SeenLine]:
    if second is None:
        return _alone(sheet, lines)
    read = read_latin if sheet.language in second.languages else read_arabic
    try:
        return read(sheet, lines, second)
    except EngineFailed:
        return _alone(sheet, lines)


def _alone(sheet: CarefulPage, lines: list[SeenLine]) -> list[SeenLine]:
    """Reread without a second reader.

    Rows of ink that were missed, weak segments in the other script, and Arabic once more at another
    size.
    """
    lines = read_missed_lines(sheet.picture, sheet.page, lines, sheet.language, sheet.read_block)
    lines = read_weak_lines(sheet.picture, sheet.page, lines, sheet.other_script, sheet.read_block)
    return at_other_size(sheet, lines) if sheet.language == "ar" else lines
