"""The numbers of an Arabic page, read again from the picture once its words stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PIL import Image

from ocr.attempt import Attempt
from ocr.careful.codes import with_codes
from ocr.careful.initials import BESIDE, SCALES, with_initials
from ocr.engines.coded_numbers import mend_coded
from ocr.engines.contract import Engine, PixelBox, ReadPlaces, SecondReader, SeenLine
from ocr.engines.digits import mend_digits
from ocr.errors import EngineFailed
from ocr.limits import seconds_left
from ocr.picture.layout import scale_for
from ocr.picture.strip import Strip
from ocr.picture.upright import Upright
from ocr.reading import Language

_BESIDE_A_CODE = 0.03  # heights: no more, or the strokes beside it are read as letters


def with_numbers(
    attempt: Attempt,
    sheet: Upright,
    languages: Sequence[Language],
    *,
    read: Callable[[Image.Image, Language], list[SeenLine]],
    second: ReadPlaces | None = None,
) -> Attempt:
    """Return an Arabic attempt with its numbers read again, their codes in Latin letters.

    `read` reads a picture composed of pieces of the page, `second` places of the page itself; where
    one takes too long, what was read stands.
    """
    latin = [one for one in languages if one != "ar"]

    @_nothing_on_failure
    def read_latin(boxes: Sequence[PixelBox]) -> Sequence[SeenLine | None]:
        if not latin:
            return [None] * len(boxes)
        scale = scale_for(sheet.page, latin[0])
        strip = Strip(sheet.picture, list(boxes), scale, beside=_BESIDE_A_CODE)
        return strip.sort(read(strip.picture, latin[0]))

    height = sheet.page.height
    lines = mend_coded(sheet.picture, attempt.lines, height=height, read_latin=read_latin)
    lines = mend_digits(sheet.picture, lines)
    if second is None:
        return replace(attempt, lines=lines)
    return replace(attempt, lines=with_codes(lines, height=height, second=second, latin=read_latin))


def with_arabic_initials(
    attempt: Attempt, sheet: Upright, engine: Engine, witness: Engine, deadline: float
) -> Attempt:
    """Return an attempt in any language with the Arabic initials of its numbers read again."""

    def reading(one: Engine, larger: float) -> ReadPlaces:
        @_nothing_on_failure
        def read_places(boxes: Sequence[PixelBox]) -> Sequence[SeenLine | None]:
            scale = larger * scale_for(sheet.page, "ar")
            strip = Strip(sheet.picture, list(boxes), scale, beside=BESIDE)
            left = seconds_left(deadline)
            return strip.sort(one.read(strip.picture, language="ar", seconds=left, shape="block"))

        return read_places

    first, other = (
        reading(one, scale) for one, scale in zip((engine, witness), SCALES, strict=True)
    )
    height = sheet.page.height
    lines = with_initials(attempt.lines, height=height, engine=first, witness=other)
    return replace(attempt, lines=lines)


def reading_places(
    second: SecondReader | None, sheet: Upright, deadline: float
) -> ReadPlaces | None:
    """Return what reads places of a page by the second reader; it reads nothing where it fails."""
    if second is None:
        return None

    @_nothing_on_failure
    def read_places(boxes: Sequence[PixelBox]) -> Sequence[SeenLine | None]:
        return second.read_lines(sheet.picture, boxes, seconds=seconds_left(deadline))

    return read_places


def _nothing_on_failure(read: ReadPlaces) -> ReadPlaces:
    """Return the same reading, which reads nothing where an engine fails or its time is used up."""

    def read_or_nothing(boxes: Sequence[PixelBox]) -> Sequence[SeenLine | None]:
        try:
            return read(boxes)
        except EngineFailed:
            return [None] * len(boxes)

    return read_or_nothing
