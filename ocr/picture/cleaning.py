"""Cleaning of a page before it is measured and read: even light, no dark scanner edges."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Greys = NDArray[np.uint8]

_WORK_SIDE = 500
_UNEVEN = 0.8  # the darkest paper over the brightest: below it light is evened out
_DARK = 0.55  # of the paper's brightness: a scanner's edge, the table under a sheet
_THICK = 5  # pixels of the small copy: thinner is a stroke or a frame
_LEAST_SHARE = 0.003  # of the page
_MARK = 18  # grey levels darker than paper: no grain of it
_SHOWN_THROUGH = 0.25  # of the ink's darkness
_WHITE = 250  # what paper becomes where light is made even
_NEAR = 9  # pixels of the small copy around an outline
_JUMP = 0.8  # darker over brighter side of an outline
_JUMPING = 0.7  # share of the outline
_A_PIXEL_MORE = 1170  # pixels of the page's longer side for each by which strokes grow: 100 dpi


def clean(picture: Image.Image, *, cut_out: bool = False) -> Image.Image:
    """Return a grey page in even light without dark edges, unchanged where it needs neither.

    `cut_out`: it was cut out of something darker before.

    Both are judged on a copy of about `_WORK_SIDE` pixels: a few milliseconds.
    """
    factor = max(1, round(max(picture.size) / _WORK_SIDE))
    small = np.asarray(picture.reduce(factor), dtype=np.uint8)
    if min(small.shape) < 2 * _THICK:
        return picture
    pixels = np.asarray(picture)
    edges = _dark_edges(small)
    ground = _ground(small, edges)
    low, high = np.percentile(ground, (2, 90))
    uneven = low < _UNEVEN * high
    if not (cut_out or edges.any() or uneven):
        return picture
    large = cv2.resize(ground, picture.size, interpolation=cv2.INTER_LINEAR)
    paper = np.asarray(large, dtype=np.uint8)
    if edges.any():
        # As bright as the paper beside it: on pure white an engine would take grey paper for ink.
        covered = cv2.resize(edges, picture.size, interpolation=cv2.INTER_NEAREST)
        pixels = np.where(covered > 0, paper, pixels)
    if cut_out or edges.any():
        pixels = _without_show_through(pixels, paper)
    if uneven:
        pixels = np.asarray(cv2.divide(pixels, paper, scale=_WHITE))
    return Image.fromarray(pixels)


def thickened(picture: Image.Image) -> Image.Image:
    """Return a grey page with its strokes thickened and softened.

    Scans in black and white lose thin strokes, and Arabic letters with them.
    """
    size = max(2, round(max(picture.size) / _A_PIXEL_MORE))
    grown = cv2.erode(np.asarray(picture), np.ones((size, size), dtype=np.uint8))
    return Image.fromarray(cv2.GaussianBlur(grown, (0, 0), size / 2))


def _without_show_through(pixels: Greys, paper: Greys) -> Greys:
    """Replace by paper what is far fainter than the page's ink: show-through of the other side.

    It was hidden by the dark edge, since engines threshold once for the whole page.
    """
    faintness = np.asarray(cv2.subtract(paper, pixels), dtype=np.uint8)
    marks = faintness[::4, ::4]
    marks = marks[marks > _MARK]
    if not marks.size:
        return pixels
    limit = _SHOWN_THROUGH * float(np.percentile(marks, 99.7))
    return np.where(faintness < limit, paper, pixels)


def _dark_edges(small: Greys) -> Greys:
    """Return 255 on thick dark areas that reach the rim of the page."""
    paper = float(np.percentile(small, 75))
    dark = (small < _DARK * paper).astype(np.uint8)
    kernel = np.ones((_THICK, _THICK), dtype=np.uint8)
    # Replicate the rim outwards, or an edge thinner than the kernel would count as a stroke.
    around = cv2.copyMakeBorder(dark, _THICK, _THICK, _THICK, _THICK, cv2.BORDER_REPLICATE)
    thick = cv2.morphologyEx(around, cv2.MORPH_OPEN, kernel)
    thick = np.asarray(thick[_THICK:-_THICK, _THICK:-_THICK], dtype=np.uint8)
    labels, stats = cv2.connectedComponentsWithStats(thick, connectivity=4)[1:3]
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    large = [n for n in rim if n and stats[n, cv2.CC_STAT_AREA] > _LEAST_SHARE * small.size]
    found = np.zeros_like(small)
    for number in large:
        area = np.asarray(labels == number, dtype=np.uint8) * 255
        if is_abrupt(small, area):
            found |= area
    return np.asarray(cv2.dilate(found, kernel), dtype=np.uint8)


def is_abrupt(small: Greys, area: Greys) -> bool:
    """Return whether brightness jumps all along the outline of an area.

    The area is 255 within, 0 elsewhere. Brightness jumps where paper ends; a shadow ends softly.
    The rim of the picture doesn't count.
    """
    near = np.ones((_NEAR, _NEAR), dtype=np.uint8)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, near)
    outline = cv2.morphologyEx(area, cv2.MORPH_GRADIENT, np.ones((3, 3), dtype=np.uint8)) > 0
    inner = outline[_NEAR:-_NEAR, _NEAR:-_NEAR]
    if not inner.any():
        return False
    darkest = np.asarray(cv2.erode(paper, near), dtype=np.float32)[_NEAR:-_NEAR, _NEAR:-_NEAR]
    brightest = np.asarray(cv2.dilate(paper, near), dtype=np.float32)[_NEAR:-_NEAR, _NEAR:-_NEAR]
    jumps = darkest[inner] < _JUMP * brightest[inner]
    return bool(jumps.mean() > _JUMPING)


def _ground(small: Greys, edges: Greys) -> Greys:
    """Return the paper's brightness everywhere: the writing closed over, smoothed."""
    open_paper = np.where(edges > 0, np.uint8(np.percentile(small, 75)), small)
    closed = cv2.morphologyEx(open_paper, cv2.MORPH_CLOSE, np.ones((15, 15), dtype=np.uint8))
    return np.asarray(cv2.GaussianBlur(closed, (31, 31), 0), dtype=np.uint8)
