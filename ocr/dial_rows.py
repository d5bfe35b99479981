"""Rows of figures on a photo: components of ink that stand side by side, alike in height."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Greys = NDArray[np.uint8]
Mask = NDArray[np.uint8]
SIDE: Final = 1400  # pixels of the longer side that is looked at
_MOST: Final = 260  # components looked at, the tallest first
_LEAST_TALL: Final = 0.018  # of the longer side
_MOST_TALL: Final = 0.5
_ANGLE: Final = 0.7  # tangent of the steepest row
_ALIKE: Final = 0.3  # heights of a row differ by less
_NEAR, _FAR = 0.55, 2.6  # heights from one figure to the next
_FILLED: Final = 0.9  # of its rectangle that a window fills, and no figure
_LEAST_FIGURES, _MOST_FIGURES = 4, 9


@dataclass(frozen=True, slots=True)
class Box:
    """A component: its box, in pixels of the picture."""

    left: float
    top: float
    width: float
    height: float

    @property
    def x(self) -> float:
        """Its middle."""
        return self.left + self.width / 2

    @property
    def y(self) -> float:
        """Its middle."""
        return self.top + self.height / 2


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Components in a row, from left to right, on a mask on which they are 255."""

    boxes: tuple[Box, ...]
    mask: Mask
    colours: NDArray[np.uint8]

    @property
    def height(self) -> float:
        """The height of most of them."""
        return float(np.median([box.height for box in self.boxes]))


def masks_of(grey: Greys) -> Iterator[Mask]:
    """Yield what may be figures as 255: dark on bright and bright on dark, by several rules."""
    smooth = cv2.GaussianBlur(grey, (0, 0), max(1.0, max(grey.shape) / 1200))
    _level, whole = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    near = max(31, (max(grey.shape) // 14) | 1)
    wide = max(61, (max(grey.shape) // 6) | 1)
    for bright in (
        whole,
        cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, near, -4),
        cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, near, 4),
        cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, wide, 0),
    ):
        yield np.asarray(bright, dtype=np.uint8)
        yield np.asarray(255 - bright, dtype=np.uint8)


def rows_of(picture: Image.Image) -> list[Row]:
    """Return the rows of figures that stand out, one a mask at most."""
    colour = picture.convert("RGB")
    colour.thumbnail((SIDE, SIDE))
    if max(colour.size) < SIDE // 2:
        factor = SIDE / max(colour.size) / 1.5
        size = (round(colour.width * factor), round(colour.height * factor))
        colour = colour.resize(size, Image.Resampling.BICUBIC)
    pixels = np.asarray(colour, dtype=np.uint8)
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    found = []
    for mask in masks_of(grey):
        if row := _best_row(_boxes(mask), mask, pixels):
            found.append(row)
    if not found:
        return []
    tallest = max(row.height for row in found)
    return [row for row in found if row.height > 0.7 * tallest]


def _boxes(mask: Mask) -> list[Box]:
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    side = max(mask.shape)
    found = [
        (Box(float(left), float(top), float(width), float(height)), number)
        for number, (left, top, width, height, area) in enumerate(stats[1:], 1)
        if _LEAST_TALL * side <= height <= _MOST_TALL * side
        and 0.12 <= width / height <= 1.3
        and area >= 0.1 * width * height
    ]
    found.sort(key=lambda one: -one[0].height)
    return [box for box, number in found[: 2 * _MOST] if not _is_window(box, labels, number)][
        :_MOST
    ]


def _is_window(box: Box, labels: Any, number: int) -> bool:
    """Return whether a component fills a rectangle, as the window of a wheel does."""
    left, top = round(box.left), round(box.top)
    part = labels[top : top + round(box.height), left : left + round(box.width)] == number
    outlines, _tree = cv2.findContours(
        np.asarray(part, dtype=np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    outline = max(outlines, key=cv2.contourArea)
    (_middle, (wide, high), _angle) = cv2.minAreaRect(outline)
    short, long = min(wide, high), max(wide, high)
    return bool(short > 0.4 * long and cv2.contourArea(outline) > _FILLED * wide * high)


def _best_row(boxes: list[Box], mask: Mask, colours: NDArray[np.uint8]) -> Row | None:
    """Return the row with most figures, of those the tallest."""
    best: tuple[Box, ...] = ()
    for first in boxes:
        for second in boxes:
            if not first.x < second.x <= first.x + _FAR * first.height:
                continue
            row = _along(first, second, boxes)
            if (_worth(row)) > _worth(best):
                best = row
    if len(best) < _LEAST_FIGURES:
        return None
    return Row(best, mask, colours)


def _worth(row: tuple[Box, ...]) -> float:
    if len(row) < _LEAST_FIGURES:
        return 0.0
    tall = float(np.median([box.height for box in row]))
    return tall * math.sqrt(min(len(row), _MOST_FIGURES))


def _along(first: Box, second: Box, boxes: list[Box]) -> tuple[Box, ...]:
    """Return the components that go on evenly on the line through two of them."""
    slope = (second.y - first.y) / (second.x - first.x)
    if abs(slope) > _ANGLE or abs(second.height - first.height) > _ALIKE * first.height:
        return ()
    tall = first.height
    on_line = [
        box
        for box in boxes
        if abs(box.height - tall) <= _ALIKE * tall
        and abs(box.y - first.y - slope * (box.x - first.x)) <= 0.3 * tall
    ]
    on_line.sort(key=lambda box: box.x)
    start = on_line.index(first)
    row = [first]
    for box in on_line[start + 1 :]:
        step = (box.x - row[-1].x) / tall
        if step < _NEAR:
            return ()
        if step > _FAR:
            break
        row.append(box)
    return tuple(row)
