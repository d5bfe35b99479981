"""A compact visual fingerprint of a page: how its rows of writing are cut into words.

Rows are taken one by one, each stretched to its own two ends, so neither margins, scale, shift,
light nor a stamp beside them change the fingerprint; nor do rotations, since the page is upright
and straight when its ink is measured. Two letters on the same paper differ in the rows of their
text. `registry.doubles.page_comparison` compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.picture.layout import Page
from ocr.reading import Word

Boxes = NDArray[np.float64]
CELLS = 32  # of a row, one bit each
MOST_ROWS = 40
LOOKED_AT = 20  # pages of a file: a letter is known by its first ones
_FINE = 8  # steps a text height along a row
_ACROSS = 6  # steps a text height down the page
_LEAST_LENGTH = 4.0  # text heights; shorter is no row
_WIDEST = 10_000  # steps; no page is so large that a row would need more
_SOFT = np.array([0.25, 0.5, 0.25])


def look_of(page: Page, width: int) -> str:
    """Return the fingerprint of a measured page whose picture is `width` pixels wide.

    Ten hexadecimal digits a row, from the top: two for its length (255 is the page's width), eight
    for its cells. Empty for a page without rows. Costs a millisecond or two.
    """
    if not page.height or width <= 0:
        return ""
    return "".join(_signs(page.boxes, page.height, width))


def look_of_words(words: Sequence[Word], *, aspect: float) -> str:
    """Return the same for a page's own text, whose words have places.

    `aspect` is its width by its height.
    """
    boxes = np.array([word.box for word in words if word.text.strip()], dtype=np.float64)
    if len(boxes) < 2 or not aspect > 0:
        return ""
    boxes = boxes * np.array([1.0, 1 / aspect, 1.0, 1 / aspect]) * 1000
    height = 0.6 * float(np.median(boxes[:, 3] - boxes[:, 1]))
    return "".join(_signs(boxes, height, 1000)) if height > 0 else ""


def _signs(boxes: Boxes, height: float, width: int) -> Iterator[str]:
    for row in _rows(boxes, height)[:MOST_ROWS]:
        left, right = float(row[:, 0].min()), float(row[:, 2].max())
        if right - left < _LEAST_LENGTH * height:
            continue
        length = min(255, max(1, round(255 * (right - left) / width)))
        yield f"{length:02x}{_cells(row, left, right, height):08x}"


def _rows(boxes: Boxes, height: float) -> list[Boxes]:
    """Return the boxes that may be letters, row by row from the top."""
    tall = boxes[:, 3] - boxes[:, 1]
    letters = boxes[(tall > 0.35 * height) & (tall < 3 * height)]
    if len(letters) < 2:
        return []
    top = float(letters[:, 1].min())
    middle = (letters[:, 1] + letters[:, 3]) / 2
    core = np.minimum((letters[:, 3] - letters[:, 1]) / 4, height / 4)
    places = ((middle - top) / height * _ACROSS).astype(np.int64)
    first = ((middle - core - top) / height * _ACROSS).astype(np.int64)
    last = ((middle + core - top) / height * _ACROSS).astype(np.int64) + 1
    steps = min(int(last.max()) + 1, _WIDEST)
    ink = _stacked(first, last, letters[:, 2] - letters[:, 0], steps)
    return [
        letters[(places >= start) & (places < end)]
        for start, end in _stretches(ink)
        if ((places >= start) & (places < end)).any()
    ]


def _stacked(
    first: NDArray[np.int64], last: NDArray[np.int64], weights: Boxes, steps: int
) -> NDArray[np.float64]:
    """Return how much weight lies over each of `steps` steps."""
    edges = np.zeros(steps + 1)
    np.add.at(edges, np.minimum(first, steps), weights)
    np.add.at(edges, np.minimum(last, steps), -weights)
    return np.asarray(np.cumsum(edges)[:steps], dtype=np.float64)


def _stretches(ink: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return the spans of rows: at least a quarter of the maximum ink nearby."""
    near = 9
    padded = np.pad(ink, near)
    most = np.lib.stride_tricks.sliding_window_view(padded, 2 * near + 1).max(axis=1)
    on = np.concatenate([[0], (ink > 0.25 * most).astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(on))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _cells(row: Boxes, left: float, right: float, height: float) -> int:
    """Return a bit for each cell of the row: whether it holds more ink than the median cell."""
    steps = min(int((right - left) / height * _FINE) + 1, _WIDEST)
    scale = steps / max(right - left, 1e-9)
    first = ((row[:, 0] - left) * scale).astype(np.int64)
    last = np.maximum(((row[:, 2] - left) * scale).astype(np.int64), first + 1)
    covered = _stacked(first, last, np.ones(len(row)), steps) > 0
    total = np.concatenate([[0.0], np.cumsum(covered)])
    edges = np.interp(np.linspace(0, steps, CELLS + 1), np.arange(steps + 1), total)
    shares = np.convolve(np.diff(edges), _SOFT, mode="same")
    bits = np.packbits(shares > np.median(shares))
    return int.from_bytes(bits.tobytes(), "big")
