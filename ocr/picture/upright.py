"""A page prepared for reading: flattened, cleaned, upright and straight, and the way back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.engines.contract import PixelBox, SeenLine
from ocr.picture.cleaning import clean, thickened
from ocr.picture.grain import is_drowned, on_even_ground, without_grain
from ocr.picture.layout import Page, measure, straightened
from ocr.picture.photo import flatten

Matrix = NDArray[np.float64]

_LEAST_HEIGHT = 15.0  # pixels of text: strokes of smaller letters are no wider than grain
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """An upright page: `picture` is what is read, `page` its measures.

    `back` (3×3) leads from its pixels to those of `source`, the page as it came, rotated clockwise
    by `turn` degrees. `shaded`: it before its light was made even and it was straightened by
    `skew`; None where that changed nothing.
    """

    source: Image.Image
    turn: int
    picture: Image.Image
    page: Page
    back: Matrix
    shaded: Image.Image | None = None
    skew: float = 0.0
    _lit: list[Image.Image] = field(default_factory=list, init=False, repr=False)

    def in_its_own_light(self) -> Image.Image | None:
        """Return the picture, pixel by pixel in the same places, before its light was made even.

        It is always the same one, by which a reader knows what it has read.
        """
        if self.shaded is None:
            return None
        if not self._lit:
            page = replace(self.page, skew=self.skew)
            self._lit.append(straightened(self.shaded, page)[0])
        return self._lit[0]

    def turned(self, degrees: int) -> Upright:
        """Return the same page rotated clockwise by 90, 180 or 270 degrees more."""
        return lay(self.source.transpose(_TURNS[degrees]), turn=(self.turn + degrees) % 360)

    def thickened(self) -> Upright:
        """Return the same page with thicker strokes, measured anew."""
        picture = thickened(self.picture)
        page = replace(measure(picture), skew=0.0)
        return replace(self, picture=picture, page=page, shaded=None)

    def place_back(self, lines: list[SeenLine]) -> list[SeenLine]:
        """Return lines of the picture with their boxes on `source`."""
        return [line.moved(self._place) for line in lines]

    def _place(self, box: PixelBox) -> PixelBox:
        """Map a box: its middle moves; width and height stretch as the page does, unslanted."""
        left, top, right, bottom = box
        x, y = (left + right) / 2, (top + bottom) / 2
        points = np.array([[x, y], [left, y], [right, y], [x, top], [x, bottom]])
        middle, west, east, north, south = _moved(points, self.back)
        wide, high = np.hypot(*(east - west)) / 2, np.hypot(*(south - north)) / 2
        return (
            float(middle[0] - wide),
            float(middle[1] - high),
            float(middle[0] + wide),
            float(middle[1] + high),
        )


def lay(source: Image.Image, *, turn: int = 0) -> Upright:
    """Prepare a grey page for reading; `turn` only records how `source` came to be upright."""
    flat, from_flat = flatten(source)
    cleaned = clean(flat, cut_out=flat is not source)
    cleaned, measured = _smooth(cleaned) if is_drowned(cleaned) else (cleaned, measure(cleaned))
    picture, page, back = straightened(cleaned, measured)
    shaded = flat if cleaned is not flat else None
    return Upright(source, turn, picture, page, from_flat @ back, shaded, measured.skew)


def _smooth(grained: Image.Image) -> tuple[Image.Image, Page]:
    """Return a page without its grain, and its measures; as it came where letters are small."""
    smooth = without_grain(grained)
    page = measure(smooth)
    if page.height < _LEAST_HEIGHT:
        return grained, measure(grained)
    even = on_even_ground(smooth, page.height)
    return even, measure(even)


def _moved(points: NDArray[np.float64], matrix: Matrix) -> NDArray[np.float64]:
    return np.asarray(cv2.perspectiveTransform(points[:, None, :], matrix)[:, 0], dtype=np.float64)
