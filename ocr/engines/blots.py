"""The ink of a word cut into blots, each with the chances of `digit_model` for what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ocr.engines.contract import PixelBox, SeenLine
from ocr.engines.digit_model import (
    ARABIC,
    CLASSES,
    HEIGHT,
    OTHER,
    Floats,
    Glyph,
    glyph_of,
    glyphs_of,
    ink_of,
    probabilities,
)

_DIGIT = re.compile(r"\d")
_REACH = 1.3  # heights beyond its box that the ink of a word may reach
_MOST_SIGNS = 24  # longer is no number
_LEAST_WIDE, _HIGH = 0.55, 0.4  # of HEIGHT: less is no two digits that touch
_SURELY_TWO = 0.9
_DOT_IN_ARABIC = 0.5  # a dot among ٠ to ٩ is more likely a zero than its shape suggests


@dataclass(frozen=True, slots=True, eq=False)
class Blots:
    """The components of one word from left to right and the probabilities of CLASSES for each.

    `ink` is what they were cut from; `left`: where on the page it begins; `scale`: pixels of it for
    one of the page; `cut` where its sides cut through more of it.
    """

    glyphs: list[Glyph]
    chances: Floats
    ink: Floats
    left: float
    scale: float
    cut: bool

    def sides(self, first: int, last: int) -> tuple[float, float]:
        """Return where on the page the components from `first` to `last` begin and end."""
        left, right = self.glyphs[first].box[0], self.glyphs[last].box[2]
        return self.left + left / self.scale, self.left + right / self.scale


def room_of(line: SeenLine, at: int) -> tuple[float, float]:
    """Return how far a word's ink may reach: to the words beside it, or a sign's width or so."""
    left, top, right, bottom = line.words[at].box
    reach = _REACH * (bottom - top)
    others = [word.box for n, word in enumerate(line.words) if n != at]
    return (
        max([left - reach, *(box[2] for box in others if box[2] <= left)]),
        min([right + reach, *(box[0] for box in others if box[0] >= right)]),
    )


def blots_of(picture: Image.Image, box: PixelBox, room: tuple[float, float]) -> Blots | None:
    """Return the blots of a word whose ink reaches over this room; None if it is no number's."""
    place = (room[0], box[1], room[1], box[3])
    scale = HEIGHT / max(place[3] - place[1], 1.0)
    ink, glyphs, cut = _cut(picture, place, scale)
    if glyphs:
        frame = max(g.box[3] for g in glyphs) - min(g.box[1] for g in glyphs)
        if not 0.85 * HEIGHT < frame < 1.2 * HEIGHT:
            scale *= HEIGHT / max(frame, 8)
            ink, glyphs, cut = _cut(picture, place, scale)
    if not glyphs or len(glyphs) > _MOST_SIGNS:
        return None
    chances = probabilities([glyph.seen for glyph in glyphs])
    return Blots(glyphs, chances, ink, max(place[0], 0.0), scale, cut)


def with_touching(blots: Blots, kind: str) -> Blots:
    """Return the blots with two digits of this kind for one blot that two surely are, touching."""
    labels, _ = labels_of(blots.chances, kind)
    glyphs, chances = [], []
    for at, glyph in enumerate(blots.glyphs):
        beside = "".join(labels[max(0, at - 1) : at] + labels[at + 1 : at + 2])
        two = _two_of(blots, at, kind) if labels[at] == OTHER and _DIGIT.search(beside) else None
        glyphs += two[0] if two else [glyph]
        chances += list(two[1]) if two else [blots.chances[at]]
    return replace(blots, glyphs=glyphs, chances=np.stack(chances))


def _two_of(blots: Blots, at: int, kind: str) -> tuple[list[Glyph], Floats] | None:
    """Return the two digits that a blot is when it is cut in its middle third, where surest."""
    left, top, right, bottom = blots.glyphs[at].box
    if right - left < _LEAST_WIDE * HEIGHT or bottom - top < _HIGH * HEIGHT:
        return None
    frame = min(g.box[1] for g in blots.glyphs), max(g.box[3] for g in blots.glyphs)
    third = (right - left) // 3
    best, sure = None, _SURELY_TWO
    for column in range(left + third, right - third):
        halves = (left, top, column, bottom), (column, top, right, bottom)
        two = [glyph_of(blots.ink, box, frame) for box in halves]
        chances = probabilities([glyph.seen for glyph in two])
        labels, likely = labels_of(chances, kind)
        if all(map(_DIGIT.match, labels)) and float(likely.min()) > sure:
            best, sure = (two, chances), float(likely.min())
    return best


def labels_of(chances: Floats, kind: str) -> tuple[list[str], Floats]:
    """Return each component's likeliest sign and its probability, all digits of one kind."""
    allowed = [n for n, sign in enumerate(CLASSES) if not _DIGIT.match(sign) or sign in kind]
    among = chances[:, allowed]
    if kind == ARABIC:
        among[:, [CLASSES[n] for n in allowed].index(".")] *= _DOT_IN_ARABIC
    best = among.argmax(axis=1)
    sure: Floats = among.max(axis=1) / among.sum(axis=1).clip(1e-6)
    return [CLASSES[allowed[n]] for n in best], sure


def log_score(chances: Floats, labels: list[str]) -> float:
    """Return how well the components bear these labels, in nats: 0 is the best."""
    picked = chances[np.arange(len(labels)), [CLASSES.index(label) for label in labels]]
    return float(np.log(picked.clip(1e-4)).sum())


def _cut(picture: Image.Image, place: PixelBox, scale: float) -> tuple[Floats, list[Glyph], bool]:
    """Return the ink of a place of the page, scaled, its components, whether the sides cut more.

    Those that they cut are left out.
    """
    margin = 0.12 * (place[3] - place[1])
    place = _clipped((place[0], place[1] - margin, place[2], place[3] + margin), picture)
    wide, high = (max(1, round((place[n + 2] - place[n]) * scale)) for n in (0, 1))
    if max(wide, high) > _MOST_SIGNS * 2 * HEIGHT:
        return np.zeros((0, 0), dtype=np.float32), [], False
    inside = picture.resize((wide, high), Image.Resampling.BICUBIC, place)
    ink = ink_of(inside)
    found = glyphs_of(ink, (margin * scale, high - margin * scale))
    kept = [glyph for glyph in found if glyph.box[0] > 0 and glyph.box[2] < wide]
    return ink, kept, any(_height(glyph) > _HIGH * HEIGHT for glyph in found if glyph not in kept)


def _height(glyph: Glyph) -> int:
    return glyph.box[3] - glyph.box[1]


def _clipped(box: PixelBox, picture: Image.Image) -> PixelBox:
    return (
        max(box[0], 0.0),
        max(box[1], 0.0),
        min(box[2], float(picture.width)),
        min(box[3], float(picture.height)),
    )
