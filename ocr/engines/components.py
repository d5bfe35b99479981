"""The connected components of ink: blots of a word, lines of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

cv2.setNumThreads(1)  # as in ocr.picture.layout


@dataclass(frozen=True, slots=True, eq=False)
class Blob:
    """A component: its box (left, top, right, bottom) and its pixels, a mask of the box."""

    box: tuple[int, int, int, int]
    mask: NDArray[np.bool_]

    @property
    def place(self) -> tuple[slice, slice]:
        """Rows and columns of the box."""
        left, top, right, bottom = self.box
        return slice(top, bottom), slice(left, right)


def blobs_of(ink: NDArray[np.bool_], *, diagonals: bool = False) -> list[Blob]:
    """Return the components, by their first pixel from the top left; `diagonals` connect too.

    OpenCV finds the same as scipy, whose import was 40 % of what a reading child took to start.
    """
    found: Any = cv2.connectedComponentsWithStats(
        ink.astype(np.uint8), connectivity=8 if diagonals else 4
    )
    _count, labels, stats, _centres = found
    blobs = []
    for label, (left, top, wide, high, _area) in enumerate(stats.tolist()):
        if label:  # 0 is the paper
            mask = labels[top : top + high, left : left + wide] == label
            blobs.append(Blob((left, top, left + wide, top + high), mask))
    return sorted(blobs, key=lambda blob: (blob.box[1], blob.box[0] + int(blob.mask[0].argmax())))
