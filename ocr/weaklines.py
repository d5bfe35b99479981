"""A second look at lines that came out weak: a letterhead's other language, read in that language.

The weak lines are stacked into one strip, so that the second look is one short call."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from ocr.engine import SeenLine
from ocr.layout import resized
from ocr.reading import Language

_WEAK = 0.65
_MOST_LINES = 14
_MOST_SHARE = 0.6  # more weak lines than that: the page is bad, not bilingual
_BETTER = 0.10  # a second reading must be clearly surer
Again = Callable[[Image.Image, Language], list[SeenLine]]


def reread(
    picture: Image.Image,
    lines: list[SeenLine],
    other: Language,
    again: Again,
    *,
    scale: Callable[[Language], float],
) -> list[SeenLine]:
    """The lines, weak ones replaced where `other` reads them clearly more confidently."""
    weak = [n for n, line in enumerate(lines) if line.confidence < _WEAK and len(line.text) > 3]
    if not other or not weak or len(weak) > max(4, _MOST_SHARE * len(lines)):
        return lines
    weak = sorted(weak, key=lambda n: lines[n].confidence)[:_MOST_LINES]
    factor = scale(other)
    strip, slots = _stack(picture, [lines[n] for n in weak], factor)
    found = again(strip, other)
    out = list(lines)
    for n, (top, bottom, left, page_top) in zip(weak, slots, strict=True):
        inside = [line for line in found if top <= _middle(line) < bottom]
        better = _merge(inside, lines[n].paragraph)
        if better is None or not _surer(better, lines[n]):
            continue

        def place(
            box: tuple[float, float, float, float],
            shift: tuple[float, float, float] = (left, page_top, top),
        ) -> tuple[float, float, float, float]:
            x, y, base = shift
            return (
                x + box[0] / factor, y + (box[1] - base) / factor,
                x + box[2] / factor, y + (box[3] - base) / factor,
            )

        out[n] = better.moved(place)
    return out


def _stack(
    picture: Image.Image, lines: list[SeenLine], factor: float
) -> tuple[Image.Image, list[tuple[int, int, float, float]]]:
    """One picture of all lines, and for each: top and bottom in it, left and top on the page."""
    crops, slots, top = [], [], 0
    for line in lines:
        left, upper, right, lower = line.box
        margin = 0.25 * (lower - upper)
        x, y = max(0.0, left - 2 * margin), max(0.0, upper - margin)
        crop = picture.crop((int(x), int(y), int(right + 2 * margin), int(lower + margin)))
        crop = resized(crop, factor)
        crops.append((crop, top))
        slots.append((top, top + crop.height, float(int(x)), float(int(y))))
        top += crop.height + max(4, crop.height // 3)
    strip = Image.new("L", (max(c.width for c, _ in crops) + 20, top + 10), 255)
    for crop, at in crops:
        strip.paste(crop, (0, at))
    return strip, slots


def _middle(line: SeenLine) -> float:
    return (line.box[1] + line.box[3]) / 2


def _merge(lines: list[SeenLine], paragraph: int) -> SeenLine | None:
    words = tuple(word for line in lines for word in line.words)
    return SeenLine(words, paragraph) if words else None


def _surer(new: SeenLine, old: SeenLine) -> bool:
    return (
        new.confidence > old.confidence + _BETTER
        and new.confidence > 0.5
        and len(new.text) > 0.5 * len(old.text)
    )
