"""A photo of a sheet of paper made into a page: its four corners found, and rectified.

Only where it is plainly that: a bright four-cornered area on a darker ground, seen with its edges.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.picture.cleaning import is_abrupt

Greys = NDArray[np.uint8]
Corners = NDArray[np.float32]  # 4×2: top left, top right, bottom right, bottom left

_WORK_SIDE = 500
_RIM = 0.012  # of the side: where the ground around the sheet is looked for
_DARKER = 0.78  # ground over paper
_LEAST_AREA, _MOST_AREA = 0.3, 0.985  # shares of the picture that a sheet takes
_FILLED = 0.93  # of its four corners' area: a sheet has straight edges
_LEAST_SHIFT = 0.008  # of the side: corners this near to the picture's own need no pulling
_ROUGH = (0.015, 0.03, 0.05)  # of its outline's length, from the finest to the coarsest


def flatten(picture: Image.Image) -> tuple[Image.Image, NDArray[np.float64]]:
    """Return the sheet alone and straight, and the matrix (3×3) back to the photo.

    The matrix leads from the sheet's pixels to those of the photo. Return the same picture and
    the unit matrix where it is no photo of a sheet.
    """
    corners = sheet_corners(picture)
    if corners is None:
        return picture, np.eye(3)
    wide = max(_length(corners[0], corners[1]), _length(corners[3], corners[2]))
    high = max(_length(corners[0], corners[3]), _length(corners[1], corners[2]))
    size = (max(1, round(wide)), max(1, round(high)))
    target = np.array([(0, 0), (size[0], 0), size, (0, size[1])], dtype=np.float32)
    there = cv2.getPerspectiveTransform(corners, target)
    flat = cv2.warpPerspective(np.asarray(picture), there, size, borderValue=255)
    return Image.fromarray(flat), np.asarray(np.linalg.inv(there), dtype=np.float64)


def sheet_corners(picture: Image.Image) -> Corners | None:
    """Return the corners of the sheet on a photo, pixels; None where there is no clear sheet."""
    factor = max(1, round(max(picture.size) / _WORK_SIDE))
    small = np.asarray(picture.reduce(factor), dtype=np.uint8)
    size = (small.shape[1], small.shape[0])
    if min(small.shape) < 50 or not _has_dark_rim(small):
        return None
    corners = _four_corners(_paper(small))
    if corners is None or not _stands_out(small, corners):
        return None
    own = np.array([(0, 0), (size[0], 0), size, (0, size[1])], dtype=np.float32)
    if np.abs(corners - own).max() < _LEAST_SHIFT * max(size):
        return None
    return np.asarray(corners * factor, dtype=np.float32)


def _has_dark_rim(small: Greys) -> bool:
    """Return whether two sides at least are darker than the middle: most scans end here."""
    rim = max(2, round(_RIM * max(small.shape)))
    high, wide = small.shape
    middle = small[high // 4 : 3 * high // 4, wide // 4 : 3 * wide // 4]
    paper = float(np.percentile(middle, 80))
    sides = (small[:rim], small[-rim:], small[:, :rim], small[:, -rim:])
    return sum(float(np.median(side)) < _DARKER * paper for side in sides) >= 2


def _paper(small: Greys) -> Greys:
    """Return 255 where the paper is: bright after closing over the writing."""
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), dtype=np.uint8))
    smooth = cv2.GaussianBlur(closed, (5, 5), 0)
    return np.asarray(
        cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1], dtype=np.uint8
    )


def _four_corners(paper: Greys) -> Corners | None:
    outlines = cv2.findContours(paper, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    area = cv2.contourArea(outline)
    if not _LEAST_AREA * paper.size < area < _MOST_AREA * paper.size:
        return None
    hull = cv2.convexHull(outline)
    length = cv2.arcLength(hull, closed=True)
    for rough in _ROUGH:
        points = cv2.approxPolyDP(hull, rough * length, closed=True)
        if len(points) == 4:
            filled = area / max(float(cv2.contourArea(points)), 1.0)
            return _in_order(points[:, 0].astype(np.float32)) if filled > _FILLED else None
    return None


def _stands_out(small: Greys, corners: Corners) -> bool:
    """Return whether the sheet ends abruptly, against something darker around it."""
    mask = np.zeros_like(small)
    cv2.fillConvexPoly(mask, corners.astype(np.int32), (255,))
    outside = small[mask == 0]
    if outside.size < 0.01 * small.size:
        return False
    paper = float(np.percentile(small[mask > 0], 60))
    return float(np.percentile(outside, 75)) < 0.85 * paper and is_abrupt(small, mask)


def _in_order(points: Corners) -> Corners:
    """Return the points as top left, top right, bottom right, bottom left."""
    total, difference = points.sum(axis=1), points[:, 1] - points[:, 0]
    order = [total.argmin(), difference.argmin(), total.argmax(), difference.argmax()]
    return points[order]


def _length(a: Corners, b: Corners) -> float:
    return float(np.hypot(*(a - b)))
