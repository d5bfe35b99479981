"""The figures of one row on a dial: straightened, checked for turning wheels, and read."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.dial_rows import Box, Row
from ocr.engines.digit_model import CLASSES, LATIN, Floats, glyphs_of, probabilities

_TALL: Final = 64  # pixels of a figure when it is straightened
_SAME: Final = 0.13  # heights of figures differ by less, or a wheel is turning
_OFF: Final = 0.12  # heights that a figure may stand off the row
_UNEVEN: Final = 1.7  # longest step over shortest
_SURE: Final = 0.9
_RED: Final = 34  # how much redder than green and blue a wheel for decimals is
_REST: Final = 0.16  # heights of another piece of ink in a window: the next figure comes
_LEAST_FIGURES, _MOST_FIGURES = 4, 9


def read_row(row: Row, digits: int) -> tuple[str, str]:
    """Return the figures of a row, or "" and why they are doubtful."""
    ink, boxes, colours = straightened(row)
    if len(boxes) != len(row.boxes):
        return "", "unsure"
    boxes = _without_decimals(boxes, colours)
    if len(boxes) < _LEAST_FIGURES or (digits and len(boxes) != digits):
        return "", "count"
    if not digits and len(boxes) > _MOST_FIGURES:
        return "", "count"
    if _turning(boxes) or _rest_of_figures(ink, boxes):
        return "", "turning"
    if not _even(boxes):
        return "", "unsure"
    found = figures_of(ink, boxes)
    if len(found) != len(boxes) or min(sure for _sign, sure in found) < _SURE:
        return "", "unsure"
    return "".join(sign for sign, _sure in found), ""


def _turning(boxes: list[Box]) -> bool:
    """Return whether a figure is cut, or stands higher or lower than the others."""
    tall = float(np.median([box.height for box in boxes]))
    middle = float(np.median([box.y for box in boxes]))
    return any(
        abs(box.height - tall) > _SAME * tall or abs(box.y - middle) > _OFF * tall for box in boxes
    )


def _rest_of_figures(ink: Floats, boxes: list[Box]) -> bool:
    """Return whether a piece of another figure stands above or below one."""
    solid = np.asarray(ink > 0.5, dtype=np.uint8)
    _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(solid, connectivity=8)
    step = float(np.median(np.diff([box.x for box in boxes])))
    tall = float(np.median([box.height for box in boxes]))
    for left, top, width, height, _area in stats[1:]:
        for box in boxes:
            apart = abs(left + width / 2 - box.x) < 0.35 * step
            outside = top >= box.top + 0.9 * box.height or top + height <= box.top + 0.1 * tall
            gap = max(top - box.top - box.height, box.top - top - height)
            piece = _REST * tall < height and 0.15 * box.height < width < 0.85 * step
            if apart and outside and piece and gap < 0.3 * tall:
                return True
    return False


def _even(boxes: list[Box]) -> bool:
    steps = np.diff([box.x for box in boxes])
    return bool(steps.min() > 0 and steps.max() / steps.min() <= _UNEVEN)


def _without_decimals(boxes: list[Box], colours: NDArray[np.uint8]) -> list[Box]:
    """Return the figures without those on red at the right, which stand behind the comma."""
    kept = list(boxes)
    while len(kept) > _LEAST_FIGURES and _is_red(kept[-1], colours):
        kept.pop()
    return kept


def _is_red(box: Box, colours: NDArray[np.uint8]) -> bool:
    around = colours[
        max(0, round(box.top - 2)) : round(box.top + box.height + 2),
        max(0, round(box.left - 3)) : round(box.left + box.width + 3),
    ].reshape(-1, 3)
    if not len(around):
        return False
    redder = around[:, 0].astype(int) - np.maximum(around[:, 1], around[:, 2])
    return float(np.mean(redder > _RED)) > 0.25


def straightened(row: Row) -> tuple[Floats, list[Box], NDArray[np.uint8]]:
    """Return the row's ink (0..1) with its tops and bottoms level, its boxes there, its colours."""
    x = np.array([box.x for box in row.boxes])
    top = np.polyfit(x, [box.top for box in row.boxes], 1)
    bottom = np.polyfit(x, [box.top + box.height for box in row.boxes], 1)
    slope = float((top[0] + bottom[0]) / 2)
    margin = row.height
    left, right = row.boxes[0].left - margin, row.boxes[-1].left + row.boxes[-1].width + margin
    corners = []
    for at in (left, right):
        high, low = float(np.polyval(top, at)), float(np.polyval(bottom, at))
        tall = low - high
        # What stands upright on a sloping row leans: the picture is turned, not sheared.
        for y in (high - tall / 2, low + tall / 2):
            middle = (high + low) / 2
            corners.append((at - (y - middle) * slope, y))
    wide = round((right - left) * (1 + slope**2) ** 0.5 * _TALL / (row.height or 1))
    size = (max(wide, _TALL), 2 * _TALL)
    source = np.array([corners[0], corners[2], corners[3], corners[1]], dtype=np.float32)
    target = np.array([(0, 0), (size[0], 0), size, (0, size[1])], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    mask = cv2.warpPerspective(row.mask, matrix, size, flags=cv2.INTER_AREA)
    colours = cv2.warpPerspective(row.colours, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    places = []
    for box in row.boxes:
        point = np.array([[[box.x, box.y]]], dtype=np.float32)
        moved = cv2.perspectiveTransform(point, matrix)[0][0]
        places.append(float(moved[0]))
    return _as_ink(mask), _boxes_at(mask, places), np.asarray(colours, dtype=np.uint8)


def _as_ink(mask: Any) -> Floats:
    ink: Floats = np.asarray(mask / 255, dtype=np.float32)
    return ink


def _boxes_at(mask: Any, places: list[float]) -> list[Box]:
    """Return the straightened components that stand at these places."""
    solid = np.asarray(mask > 127, dtype=np.uint8)
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(solid, connectivity=8)
    found = []
    for x in places:
        column = labels[:, max(0, round(x) - 3) : round(x) + 4]
        inside = [n for n in np.unique(column) if n and stats[n][2] < 1.4 * _TALL]
        if not inside:
            continue
        best = min(inside, key=lambda n: abs(int(stats[n][3]) - _TALL))
        left, top, width, height, _area = (float(value) for value in stats[best])
        found.append(Box(left, top, width, height))
    return found


def figures_of(ink: Floats, boxes: list[Box]) -> list[tuple[str, float]]:
    """Return the likeliest figure of each component and how sure it is."""
    seen = []
    for box in boxes:
        left, top = round(box.left), round(box.top)
        crop = ink[top : round(box.top + box.height), left : round(box.left + box.width)]
        factor = 32 / max(crop.shape[0], 1)
        size = (max(2, round(crop.shape[1] * factor)), 32)
        small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
        framed: Floats = np.asarray(np.pad(small, 2), dtype=np.float32)
        glyphs = glyphs_of(framed, (0.0, 36.0))
        if not glyphs:
            return []
        biggest = max(glyphs, key=lambda glyph: _area(glyph.box))
        seen.append(biggest.seen)
    chances = probabilities(seen)
    latin = [CLASSES.index(sign) for sign in LATIN]
    out = []
    for row in chances:
        at = max(latin, key=lambda n: float(row[n]))
        out.append((CLASSES[at], float(row[at] / max(row[latin].sum(), 1e-6))))
    return out


def _area(box: tuple[int, int, int, int]) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])
