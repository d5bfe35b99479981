"""Removal of a page's grain, and of what stands faintly behind its letters.

Cheap scanners leave single pixels lighter and darker than the paper about them. Beside faint ink
they break strokes and stand as dots; a watermark behind it does the rest. Beside black ink grain
does no harm. There smoothing would: each size at which a page is read shows other traces of grain,
by which the careful reading gains.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Greys = NDArray[np.uint8]

# Grain as a share of the ink's darkness: from where it harms (measured: faint ink from 0.18, other
# pages up to 0.15), and from where there is nothing but grain.
_HARMS, _ALONE = 0.165, 0.7
_GRAIN = 99.5  # percentile of the difference that smoothing makes to bare paper
_BARE = 25  # grey levels darker than paper: ink is near
_IN_A_HEIGHT = 6  # pixels of the small copy
_BEHIND = 9  # pixels of it, one and a half heights: wider than strokes, narrower than watermarks
_WHITE, _BLACK = 250, 20  # what paper and ink become


def is_drowned(picture: Image.Image) -> bool:
    """Return whether a grey page's grain is strong beside its ink."""
    pixels = np.asarray(picture)
    smooth = cv2.medianBlur(pixels, 3)
    paper, ink = np.percentile(smooth[::4, ::4], (75, 1))
    bare = cv2.blur(smooth, (7, 7))[::2, ::2] > paper - _BARE
    grain = cv2.absdiff(pixels, smooth)[::2, ::2][bare]
    if not grain.size or ink >= paper:
        return False
    share = float(np.percentile(grain, _GRAIN)) / float(paper - ink)
    return _HARMS < share < _ALONE


def without_grain(picture: Image.Image) -> Image.Image:
    """Return a grey page with its grain smoothed and its ink as dark as ink is on other pages."""
    smooth = cv2.medianBlur(np.asarray(picture), 3)
    paper, ink = np.percentile(smooth[::4, ::4], (75, 1))
    darkened = (np.arange(256) - ink) * (_WHITE - _BLACK) / max(paper - ink, 1.0) + _BLACK
    table = darkened.clip(0, 255).astype(np.uint8)
    return Image.fromarray(table[smooth])


def on_even_ground(picture: Image.Image, height: float) -> Image.Image:
    """Return a grey page with what is behind its letters, of `height` pixels, made even."""
    pixels = np.asarray(picture, dtype=np.uint8)
    return Image.fromarray(np.asarray(cv2.divide(pixels, _ground(pixels, height), scale=_WHITE)))


def _ground(pixels: Greys, height: float) -> Greys:
    """Return what is behind the letters: strokes closed over, wider marks kept."""
    factor = height / _IN_A_HEIGHT
    tall, wide = (max(_BEHIND, round(side / factor)) for side in pixels.shape)
    small = cv2.medianBlur(cv2.resize(pixels, (wide, tall), interpolation=cv2.INTER_AREA), 3)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_BEHIND, _BEHIND), dtype=np.uint8))
    size = (pixels.shape[1], pixels.shape[0])
    ground = cv2.resize(cv2.GaussianBlur(closed, (0, 0), 1.0), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(ground, dtype=np.uint8)
