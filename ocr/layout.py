"""Measuring a page before it is read: ink, height of its text, skew, lying or standing.

All of it from the connected blots of ink on a copy of at most `_WORK_SIDE` pixels: milliseconds,
where asking an engine takes as long as reading. Lengths are pixels of the picture given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Floats = NDArray[np.float32]

_WORK_SIDE = 2000
_LEAST_BLOTS = 12
_DRAWING = 4.0  # times the usual height
_MOST_SKEW = 4.0  # degrees; more is a photo, not a scan
_LEAST_SKEW = 0.35  # below it turning costs more sharpness than it gains
# Heights of text, as `Page.height` measures it, between which each model reads well (pixels):
# least, best, most. Measured over eight scales of a page; large pictures spoil Arabic, not Latin.
GOOD_HEIGHTS = {"ar": (15.0, 18.0, 21.0), "fr": (14.0, 19.0, 24.0), "en": (14.0, 19.0, 24.0)}
_SCALES = (0.3, 3.0)


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """`boxes` (left, top, right, bottom) of blots of ink, pixels; `height` of text in pixels (0
    when there is none to measure); `skew` in degrees, clockwise positive; `lying` when lines run
    from top to bottom."""

    boxes: NDArray[np.float64]
    height: float
    skew: float
    lying: bool

    @property
    def blank(self) -> bool:
        """Nothing that could be a line of text."""
        return len(self.boxes) < 2


def measure(picture: Image.Image) -> Page:
    """Measure a grey page."""
    factor = max(1.0, max(picture.size) / _WORK_SIDE)
    small = picture
    if factor > 1:
        size = (max(1, round(picture.width / factor)), max(1, round(picture.height / factor)))
        small = picture.resize(size, Image.Resampling.BOX)
    boxes = _blots(np.asarray(small, dtype=np.float32))
    if len(boxes) < _LEAST_BLOTS:
        return Page(boxes * factor, 0.0, 0.0, lying=False)
    height = _text_height(boxes)
    skew, rows = _best_slope(boxes[:, 0], boxes[:, 3], height)
    _, columns = _best_slope(boxes[:, 1], boxes[:, 2], height)
    lying = columns > 1.3 * rows
    return Page(boxes * factor, height * factor, 0.0 if lying else skew, lying=lying)


def scale_for(page: Page, language: str) -> float:
    """The factor that brings the page's text to the height the language's model likes."""
    if not page.height:
        return 1.0
    least, best, most = GOOD_HEIGHTS[language]
    if least <= page.height <= most:
        return 1.0
    return min(max(best / page.height, _SCALES[0]), _SCALES[1])


def joined_share(boxes: NDArray[np.float64], height: float) -> float:
    """How much of the ink's width is in blots clearly wider than high, 0..1: joined writing.

    Measured: Arabic print 0.43 to 0.73, Latin print and typing 0.03 to 0.35.
    """
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    letters = high > 0.5 * height
    total = float(wide[letters].sum())
    return float(wide[letters & (wide > 1.3 * high)].sum()) / total if total else 0.0


def boxes_inside(page: Page, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """The page's blots whose middle is in the box."""
    left, top, right, bottom = box
    x = (page.boxes[:, 0] + page.boxes[:, 2]) / 2
    y = (page.boxes[:, 1] + page.boxes[:, 3]) / 2
    inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    return page.boxes[inside]


def straighten(picture: Image.Image, page: Page) -> tuple[Image.Image, Page]:
    """The picture and its measures without skew; the same where turning is not worth it."""
    if abs(page.skew) < _LEAST_SKEW:
        return picture, replace(page, skew=0.0)
    turned = picture.rotate(page.skew, Image.Resampling.BILINEAR, fillcolor=255)
    boxes = turn_boxes(page.boxes, -page.skew, picture.size)
    return turned, replace(page, boxes=boxes, skew=0.0)


def turn_boxes(
    boxes: NDArray[np.float64], degrees: float, size: tuple[int, int]
) -> NDArray[np.float64]:
    """Boxes whose middles are turned clockwise about the middle of the picture; sizes stay."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    x = (boxes[:, 0] + boxes[:, 2]) / 2 - size[0] / 2
    y = (boxes[:, 1] + boxes[:, 3]) / 2 - size[1] / 2
    shift_x = x * cosine - y * sine - x
    shift_y = x * sine + y * cosine - y
    return boxes + np.stack([shift_x, shift_y, shift_x, shift_y], axis=1)


def resized(picture: Image.Image, scale: float) -> Image.Image:
    """The picture `scale` times as large."""
    if scale == 1.0:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)


def densest_band(picture: Image.Image, page: Page, lines: int) -> Image.Image:
    """A horizontal band about so many text lines high where there is most ink."""
    band = int(max(page.height, 8) * 2.2 * lines)
    if band >= picture.height:
        return picture
    step = 4
    pixels = np.asarray(picture.reduce(step), dtype=np.float32)
    pixels = pixels[:, pixels.shape[1] // 10 : max(pixels.shape[1] * 9 // 10, 1)]
    ink = np.abs(np.diff(pixels, axis=1)).clip(20, 120).sum(axis=1)  # edges: shadows have none
    total = np.concatenate([[0.0], np.cumsum(ink)])
    rows = max(band // step, 1)
    top = int(np.argmax(total[rows:] - total[:-rows])) * step
    return picture.crop((0, top, picture.width, min(top + band, picture.height)))


def _blots(pixels: Floats) -> NDArray[np.float64]:
    """Boxes (left, top, right, bottom) of blots that may be letters, against the local ground."""
    ground = ndimage.uniform_filter(pixels, size=61, mode="nearest")
    ink = pixels < np.minimum(ground * 0.82, ground - 18)
    labels, count = ndimage.label(ink, structure=np.ones((3, 3), dtype=int))
    if not count:
        return np.empty((0, 4), dtype=np.float64)
    area = np.bincount(labels.ravel())[1:]
    found = ndimage.find_objects(labels)
    boxes: NDArray[np.float64] = np.array(
        [(x.start, y.start, x.stop, y.stop) for y, x in found], dtype=np.float64
    ).reshape(-1, 4)
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    tall, broad = pixels.shape
    keep: NDArray[np.bool_] = (
        (high >= 4) & (wide >= 2) & (area >= 8) & (high < tall / 10) & (wide < broad / 3)
    )
    keep &= np.asarray(area > 0.08 * wide * high)  # frames and long strokes are mostly hollow
    return boxes[keep]


def _text_height(boxes: NDArray[np.float64]) -> float:
    """The height that splits the letters' area in half; what is far higher than most of the ink's
    width is a drawing, and dots weigh little."""
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    usual = _weighted_median(high, np.minimum(wide, 3 * high))
    letters = high <= _DRAWING * usual
    wide, high = wide[letters], high[letters]
    return _weighted_median(high, np.minimum(wide, 3 * high) * high)


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def _best_slope(
    along: NDArray[np.float64], across: NDArray[np.float64], height: float
) -> tuple[float, float]:
    """The slope (degrees) at which the blots' edges fall into the sharpest rows, and how sharp."""
    best = (0.0, -1.0)
    for angle in np.arange(-_MOST_SKEW, _MOST_SKEW + 0.01, 0.25):
        best = max(
            best,
            (float(angle), _sharpness(along, across, float(angle), height)),
            key=lambda pair: pair[1],
        )
    centre = best[0]
    for angle in np.arange(centre - 0.2, centre + 0.21, 0.05):
        best = max(
            best,
            (float(angle), _sharpness(along, across, float(angle), height)),
            key=lambda pair: pair[1],
        )
    return best


def _sharpness(
    along: NDArray[np.float64], across: NDArray[np.float64], angle: float, height: float
) -> float:
    level = across - along * np.tan(np.radians(angle))
    bins = ((level - level.min()) / max(height / 5, 1.0)).astype(np.int64)
    counts = np.bincount(bins).astype(np.float64)
    return float((counts**2).sum() / max(len(along), 1))
