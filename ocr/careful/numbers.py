"""The numbers of an Arabic page, read again from the picture once its words stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PIL import Image

from ocr.attempt import Attempt
from ocr.engines.coded_numbers import mend_coded
from ocr.engines.contract import PixelBox, SeenLine
from ocr.engines.digits import mend_digits
from ocr.errors import EngineTimeout
from ocr.picture.layout import scale_for
from ocr.picture.strip import Strip
from ocr.picture.upright import Upright
from ocr.reading import Language

_BESIDE_A_CODE = 0.03  # heights: no more, or the strokes beside it are read as letters


def with_numbers(
    attempt: Attempt,
    sheet: Upright,
    *,
    languages: Sequence[Language],
    read: Callable[[Image.Image, Language], list[SeenLine]],
) -> Attempt:
    """Return an Arabic attempt with its numbers read again, their codes in Latin letters.

    `read` reads a picture composed of pieces of the page; where it takes too long, what was read
    stands.
    """
    latin = [one for one in languages if one != "ar"]

    def read_latin(boxes: Sequence[PixelBox]) -> Sequence[SeenLine | None]:
        if not latin:
            return [None] * len(boxes)
        scale = scale_for(sheet.page, latin[0])
        strip = Strip(sheet.picture, list(boxes), scale, beside=_BESIDE_A_CODE)
        try:
            return strip.sort(read(strip.picture, latin[0]))
        except EngineTimeout:
            return [None] * len(boxes)

    height = sheet.page.height
    lines = mend_coded(sheet.picture, attempt.lines, height=height, read_latin=read_latin)
    return replace(attempt, lines=mend_digits(sheet.picture, lines))
