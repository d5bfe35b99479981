"""The careful reading: what the quick one left weak or left out, read again by every means.

It keeps the better reading line by line, so that it is never worse than the quick one alone.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from ocr.engine import Engine, SecondReader, SeenLine
from ocr.layout import Page
from ocr.reading import Language
from ocr.secondlook import missed_rows

_WEAK_PAGE = 0.75


def is_weak(page: Page, lines: list[SeenLine]) -> bool:
    """Whether the quick reading of a page should not stand alone: unsure, or lines missed."""
    letters = sum(len(word.text) for line in lines for word in line.words)
    sure = sum(len(word.text) * word.confidence for line in lines for word in line.words)
    return not letters or sure / letters < _WEAK_PAGE or len(missed_rows(page, lines)) > 1


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
) -> list[SeenLine]:
    """The lines of a straightened page in reading order, each in its better reading.

    `left()` gives the seconds that remain for the page and raises EngineTimeout when none do.
    """
    return lines
