"""The reader of single digits: a connected component of ink into a digit, a separator, or neither.

A small perceptron on the component (blot) scaled to one size and its place in the word. Its weights
are our own: `python -m tools.digit_training` renders digits in many fonts, degrades them, and
trains on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.engines.components import blobs_of

Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("models") / "digits.npz"
LATIN = "0123456789"
ARABIC = "٠١٢٣٤٥٦٧٨٩"
BETWEEN = "/-.,:٫"  # stand between the digits of one number
AROUND = "()[]"
OTHER = "x"  # letters, dirt, two digits that touch
CLASSES = LATIN + ARABIC + BETWEEN + AROUND + OTHER
HEIGHT = 32  # pixels: what a word's ink is scaled to before it is cut into blots
_SIDE = 20  # of the picture of a blot that the perceptron sees
_INK = 0.42  # what counts as ink: thin strokes of small print are grey
_LEAST_AREA = 6  # pixels of a blot at HEIGHT; fewer is dirt


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """A component of ink, or several one above the other.

    `box` (left, top, right, bottom) in pixels of the word's picture at HEIGHT, `seen` the
    perceptron's input for it.
    """

    box: tuple[int, int, int, int]
    seen: Floats


def ink_of(picture: Image.Image) -> Floats:
    """Return a grey crop as ink, 0 (paper) to 1, relative to its own paper and darkest places."""
    pixels = np.asarray(picture, dtype=np.float32)
    paper, dark = np.percentile(pixels, (85, 1))
    span = max(float(paper - dark), 40.0)
    ink: Floats = ((paper - pixels) / span).clip(0, 1)
    return ink


def glyphs_of(ink: Floats, inside: tuple[float, float]) -> list[Glyph]:
    """Return the components of a word's ink from left to right.

    `inside`: rows between which a component's middle must stand to belong to the word, pixels of
    `ink`.
    """
    return [glyph_of(ink, box, frame) for box, frame in _framed(_merged(_boxes(ink, inside)))]


def probabilities(seen: list[Floats]) -> Floats:
    """Return each component's probabilities of CLASSES, shape (components, classes)."""
    weights = _weights()
    hidden = np.stack(seen)
    layers = len(weights) // 2
    for layer in range(layers):
        hidden = hidden @ weights[f"w{layer}"] + weights[f"b{layer}"]
        if layer < layers - 1:
            hidden = np.maximum(hidden, 0)
    powers = np.exp(hidden - hidden.max(axis=1, keepdims=True))
    answer: Floats = powers / powers.sum(axis=1, keepdims=True)
    return answer


@cache
def _weights() -> dict[str, Floats]:
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def _boxes(ink: Floats, inside: tuple[float, float]) -> list[tuple[int, int, int, int]]:
    found = []
    for blob in blobs_of(ink > _INK, diagonals=True):
        _left, top, _right, bottom = blob.box
        if blob.mask.sum() >= _LEAST_AREA and inside[0] <= (top + bottom) / 2 <= inside[1]:
            found.append(blob.box)
    return sorted(found)


def _merged(boxes: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Merge components one above the other into one sign: a colon, a digit broken by faint ink."""
    out: list[tuple[int, int, int, int]] = []
    for box in boxes:
        if out:
            last = out[-1]
            shared = min(last[2], box[2]) - max(last[0], box[0])
            if shared > 0.5 * min(last[2] - last[0], box[2] - box[0]):
                top, bottom = min(last[1], box[1]), max(last[3], box[3])
                out[-1] = (last[0], top, max(last[2], box[2]), bottom)
                continue
        out.append(box)
    return out


def _framed(
    boxes: list[tuple[int, int, int, int]],
) -> list[tuple[tuple[int, int, int, int], tuple[int, int]]]:
    if not boxes:
        return []
    frame = min(box[1] for box in boxes), max(box[3] for box in boxes)
    return [(box, frame) for box in boxes]


def glyph_of(ink: Floats, box: tuple[int, int, int, int], frame: tuple[int, int]) -> Glyph:
    """Return the component in this box; its place is relative to the rows of the word, `frame`."""
    left, top, right, bottom = box
    wide, high, tall = right - left, bottom - top, max(frame[1] - frame[0], 1)
    piece = Image.fromarray((ink[top:bottom, left:right] * 255).astype(np.uint8))
    factor = _SIDE / max(wide, high)
    size = max(1, round(wide * factor)), max(1, round(high * factor))
    square = Image.new("L", (_SIDE, _SIDE), 0)
    square.paste(
        piece.resize(size, Image.Resampling.BILINEAR),
        ((_SIDE - size[0]) // 2, (_SIDE - size[1]) // 2),
    )
    place = np.array(
        [high / tall, wide / tall, (top - frame[0]) / tall, (frame[1] - bottom) / tall],
        dtype=np.float32,
    )
    pixels = np.asarray(square, dtype=np.float32).ravel() / 255
    return Glyph(box, np.concatenate([pixels, 2 * place]))
