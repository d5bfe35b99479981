"""Layout measures of a page before it is read: ink, text height, skew, orientation.

All are computed from the connected components (blobs) of ink on a copy of at most `_WORK_SIDE`
pixels: in milliseconds, where a call of an engine takes as long as reading. Lengths are pixels of
the picture given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Greys = NDArray[np.uint8]

cv2.setNumThreads(1)  # pages are read side by side, one processor each

_WORK_SIDE = 2000
_LEAST_BLOTS = 12
_DRAWING = 4.0  # times the usual height
_MOST_SKEW = 4.0  # degrees; more is a photo, not a scan
_LEAST_SKEW = 0.35  # below it turning costs more sharpness than it gains
# Heights of text, as `Page.height` measures it, between which each model reads well (pixels):
# least, best, most. Measured over eight scales of a page; large pictures spoil Arabic, not Latin.
GOOD_HEIGHTS = {"ar": (15.0, 18.0, 21.0), "fr": (14.0, 19.0, 24.0), "en": (14.0, 19.0, 24.0)}
_SCALES = (0.3, 3.0)
_JOINED = 1.3  # times as wide as high: more than one letter
# For each grey of the ground, what is darker than this is ink: by a fifth, and by 18 at least.
_INK_BELOW = np.array([max(min(0.82 * grey, grey - 18), 0) for grey in range(256)], dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """The measures of a page, in pixels.

    `boxes` (left, top, right, bottom) of blobs of ink; `height` of text (0 when there is none to
    measure); `skew` in degrees, clockwise positive; `lying` when lines run from top to bottom.
    """

    boxes: NDArray[np.float64]
    height: float
    skew: float
    lying: bool

    @property
    def blank(self) -> bool:
        """Whether there is nothing that could be a line of text."""
        return len(self.boxes) < 2


def measure(picture: Image.Image) -> Page:
    """Measure a grey page."""
    factor = max(1.0, max(picture.size) / _WORK_SIDE)
    boxes = _blots(np.asarray(resized(picture, 1 / factor)))
    if len(boxes) < _LEAST_BLOTS:
        return Page(boxes * factor, 0.0, 0.0, lying=False)
    height = _text_height(boxes)
    skew, rows = _best_slope(boxes[:, 0], boxes[:, 3], height)
    _, columns = _best_slope(boxes[:, 1], boxes[:, 2], height)
    lying = columns > 1.3 * rows
    return Page(boxes * factor, height * factor, 0.0 if lying else skew, lying=lying)


def scale_for(page: Page, language: str) -> float:
    """Return the factor that scales the page's text to the height the language's model likes."""
    if not page.height:
        return 1.0
    least, best, most = GOOD_HEIGHTS[language]
    if least <= page.height <= most:
        return 1.0
    return min(max(best / page.height, _SCALES[0]), _SCALES[1])


def joined_share(boxes: NDArray[np.float64], height: float) -> float:
    """Return how much of the ink's width is in wide blobs, 0..1: connected writing.

    Wide is clearly wider than high. Measured: Arabic print 0.23 to 0.75, Latin print and typing
    0.03 to 0.35, fat or blurred Latin up to 0.8.
    """
    wide, high = _sizes(boxes)
    letters = high > 0.5 * height
    total = float(wide[letters].sum())
    return float(wide[letters & (wide > _JOINED * high)].sum()) / total if total else 0.0


def dots_per_letter(boxes: NDArray[np.float64], height: float) -> float:
    """Return dots and small marks for each blob as high as a letter.

    Measured: Arabic print 0.3 to 1.4, Latin print 0 to 0.25, dirt and stamps more.
    """
    wide, high = _sizes(boxes)
    dots = (high < 0.4 * height) & (high > 0.1 * height) & (wide < 0.8 * height)
    letters = int((high > 0.5 * height).sum())
    return float(dots.sum()) / letters if letters else 0.0


def joined_length(boxes: NDArray[np.float64], height: float) -> float:
    """Return how many times as wide as high connected blobs are, averaged by width.

    Measured: Arabic print 1.7 to 2.6, words of blurred Latin and handwriting 2.6 to 10.
    """
    wide, high = _sizes(boxes)
    joined = (high > 0.5 * height) & (wide > _JOINED * high)
    total = float(wide[joined].sum())
    return float((wide[joined] ** 2 / high[joined]).sum()) / total if total else 0.0


def _sizes(boxes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return widths and heights."""
    return boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]


def boxes_inside(page: Page, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """Return the page's blobs whose middle is in the box."""
    left, top, right, bottom = box
    x = (page.boxes[:, 0] + page.boxes[:, 2]) / 2
    y = (page.boxes[:, 1] + page.boxes[:, 3]) / 2
    inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    return page.boxes[inside]


def straightened(picture: Image.Image, page: Page) -> tuple[Image.Image, Page, NDArray[np.float64]]:
    """Return the deskewed picture, its measures, and the matrix (3×3) back to the original.

    The matrix leads from the pixels of the result back to those given; all as they were where
    deskewing is not worth it.
    """
    back = np.eye(3)
    if abs(page.skew) < _LEAST_SKEW:
        return picture, replace(page, skew=0.0), back
    middle = (picture.width / 2, picture.height / 2)
    turn = np.asarray(cv2.getRotationMatrix2D(middle, page.skew, 1.0), dtype=np.float64)
    pixels = cv2.warpAffine(np.asarray(picture), turn, picture.size, borderValue=255)
    boxes = _carried(page.boxes, turn)
    back[:2] = cv2.invertAffineTransform(turn)
    return Image.fromarray(pixels), replace(page, boxes=boxes, skew=0.0), back


def _carried(boxes: NDArray[np.float64], turn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move the middles of boxes by an affine matrix (2×3); sizes stay."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    shift = middles @ turn[:, :2].T + turn[:, 2] - middles
    moved: NDArray[np.float64] = boxes + np.concatenate([shift, shift], axis=1)
    return moved


def heart(picture: Image.Image, page: Page, heights: float) -> Image.Image:
    """Return the part of the picture, `heights` text heights wide and high, amid its ink."""
    side = heights * page.height
    x, y = np.median((page.boxes[:, :2] + page.boxes[:, 2:]) / 2, axis=0)
    left, top = max(0, int(x - side / 2)), max(0, int(y - side / 2))
    right, bottom = min(picture.width, int(x + side / 2)), min(picture.height, int(y + side / 2))
    return picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def resized(picture: Image.Image, scale: float) -> Image.Image:
    """Return the picture `scale` times as large."""
    if scale == 1.0:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return Image.fromarray(cv2.resize(np.asarray(picture), size, interpolation=method))


def _blots(pixels: Greys) -> NDArray[np.float64]:
    """Return boxes (left, top, right, bottom) of letter-like blobs, by the local ground."""
    ground = cv2.blur(pixels, (61, 61), borderType=cv2.BORDER_REPLICATE)
    ink = (pixels < _INK_BELOW[ground]).astype(np.uint8)
    found = cv2.connectedComponentsWithStats(ink, connectivity=8)[2][1:].astype(np.float64)
    left, top, wide, high, area = found.T
    tall, broad = pixels.shape
    keep = (high >= 4) & (wide >= 2) & (area >= 8) & (high < tall / 10) & (wide < broad / 3)
    keep &= area > 0.08 * wide * high  # frames and long strokes are mostly hollow
    boxes: NDArray[np.float64] = np.stack([left, top, left + wide, top + high], axis=1)[keep]
    return boxes


def _text_height(boxes: NDArray[np.float64]) -> float:
    """Return the height that splits the letters' area in half.

    What is far higher than most of the ink's width is a drawing, and dots weigh little.
    """
    wide, high = _sizes(boxes)
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
    """Return the slope (degrees) giving the sharpest rows of the blobs' edges, and how sharp."""
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
