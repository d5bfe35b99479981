"""The careful reading: what the quick one left weak or left out, read again by every means.

It keeps the better reading line by line, so that it is never worse than the quick one alone. A
second reader that fails, or the end of the page's time, leaves what was read up to then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from ocr.engine import Engine, PixelBox, SecondReader, SeenLine
from ocr.errors import EngineFailed, EngineTimeout
from ocr.layout import Page, boxes_inside, joined_share, scale_for
from ocr.merging import better_latin, has_figures, pieces_of, with_figures
from ocr.placing import in_order
from ocr.reading import Language
from ocr.secondlook import missed_rows, put_between, read_missed_lines, read_weak_lines
from ocr.strip import Strip

_WEAK_PAGE = 0.75
_GROWN = 0.2  # share of a detector's box above and below the line's ink
_TALL = 1.2  # of its width: a box this high holds no line
_STRAY = 0.6  # words where the detector saw no line are kept from this confidence on
_JOINED = 0.4  # share of joined ink that parts Arabic lines from Latin ones
_APART = 0.15
_WEAK_LINE = 0.8
_SURE_ARABIC = 0.55  # of a line that only the detector saw
_SURE_LATIN = 0.9
_MOST_LINES = 30


def is_weak(page: Page, lines: list[SeenLine]) -> bool:
    """Whether the quick reading of a page should not stand alone: unsure, or lines missed."""
    letters = sum(len(word.text) for line in lines for word in line.words)
    sure = sum(len(word.text) * word.confidence for line in lines for word in line.words)
    return not letters or sure / letters < _WEAK_PAGE or len(missed_rows(page, lines)) > 1


def reread(
    picture: Image.Image,
    page: Page,
    lines: list[SeenLine],
    *,
    language: Language,
    languages: tuple[Language, ...],
    engine: Engine,
    second: SecondReader | None,
    left: Callable[[], float],
) -> list[SeenLine]:
    """The lines of a straightened page in reading order, each in its better reading.

    `left()` gives the seconds that remain for the page and raises EngineTimeout when none do.
    """
    work = _Careful(picture, page, language, languages, engine, left)
    try:
        return work.with_second(lines, second) if second else work.alone(lines)
    except (EngineFailed, EngineTimeout):
        return lines


@dataclass(frozen=True, slots=True)
class _Careful:
    picture: Image.Image
    page: Page
    language: Language
    languages: tuple[Language, ...]
    engine: Engine
    left: Callable[[], float]

    def alone(self, lines: list[SeenLine]) -> list[SeenLine]:
        """Without a second reader: rows of ink left out, and weak stretches in the other script."""
        lines = read_missed_lines(self.picture, self.page, lines, self.language, self._block)
        return read_weak_lines(self.picture, self.page, lines, self._other_script(), self._block)

    def with_second(self, lines: list[SeenLine], second: SecondReader) -> list[SeenLine]:
        boxes = second.find_lines(self.picture, seconds=self.left())
        boxes = [box for box in boxes if box[3] - box[1] < _TALL * (box[2] - box[0])]
        if self.language in second.languages:
            return self._latin(lines, boxes, second)
        return self._arabic(lines, boxes, second)

    def _latin(
        self, lines: list[SeenLine], boxes: list[PixelBox], second: SecondReader
    ) -> list[SeenLine]:
        """A Latin page: doubtful lines by both readers, all in the detector's order."""
        pieces = pieces_of(lines, boxes)
        doubtful = [piece for piece in pieces if piece.needs_second(self.page.height)]
        seen = self._read(second, [piece.box for piece in doubtful])
        better = {
            id(piece): better_latin(piece.first, new)
            for piece, new in zip(doubtful, seen, strict=True)
        }
        kept: list[tuple[PixelBox, SeenLine]] = []
        for number, piece in enumerate(pieces):
            line = better.get(id(piece), piece.first)
            if line and (number < len(boxes) or line.confidence >= _STRAY):
                kept.append((piece.box if number >= len(boxes) else _core(piece.box), line))
        return _as_lines(kept)

    def _arabic(
        self, lines: list[SeenLine], boxes: list[PixelBox], second: SecondReader
    ) -> list[SeenLine]:
        """An Arabic page: lines that only the detector saw, and figures by the second reader."""
        missed = [box for box in boxes if not _is_covered(box, lines)][:_MOST_LINES]
        lines = self._with_figures(lines, second)
        return put_between(lines, self._found(missed, second))

    def _found(self, boxes: list[PixelBox], second: SecondReader) -> list[SeenLine]:
        latin = [box for box in boxes if self._joined(box) < _JOINED]
        arabic = [box for box in boxes if self._joined(box) >= _APART]
        found: dict[PixelBox, SeenLine] = {}
        for box, line in zip(latin, self._read(second, latin), strict=True):
            if line and line.confidence >= _SURE_LATIN:
                found[box] = line
        for box in arabic:
            line = None if box in found else self._single(box, "ar")
            if line and line.confidence >= _SURE_ARABIC:
                found[box] = line
        return [found[box] for box in boxes if box in found]

    def _with_figures(self, lines: list[SeenLine], second: SecondReader) -> list[SeenLine]:
        words = [word for line in lines for word in line.words if has_figures(word)]
        seen = self._read(second, [_grown(word.box) for word in words])
        better = {id(word): with_figures(word, new) for word, new in zip(words, seen, strict=True)}
        return [
            replace(line, words=tuple(better.get(id(word), word) for word in line.words))
            for line in lines
        ]

    def _read(self, second: SecondReader, boxes: Sequence[PixelBox]) -> list[SeenLine | None]:
        return second.read_lines(self.picture, boxes, seconds=self.left()) if boxes else []

    def _single(self, box: PixelBox, language: Language) -> SeenLine | None:
        """One line by the engine, as a line of its own."""
        strip = Strip(self.picture, [_core(box)], scale_for(self.page, language))
        seen = self.engine.read(strip.picture, language=language, seconds=self.left(), shape="line")
        return strip.sort(seen)[0]

    def _joined(self, box: PixelBox) -> float:
        return joined_share(boxes_inside(self.page, box), self.page.height)

    def _block(self, picture: Image.Image, language: Language) -> list[SeenLine]:
        return self.engine.read(picture, language=language, seconds=self.left(), shape="block")

    def _other_script(self) -> Language:
        if self.language != "ar":
            return "ar" if "ar" in self.languages else ""
        return next((one for one in self.languages if one != "ar"), "")


def _core(box: PixelBox) -> PixelBox:
    """A detector's box without the margin around the line."""
    trim = _GROWN * (box[3] - box[1])
    return box[0], box[1] + trim, box[2], box[3] - trim


def _grown(box: PixelBox) -> PixelBox:
    """A word's box with a little margin: the engine's boxes now and then cut the first figure."""
    high = box[3] - box[1]
    return box[0] - 0.5 * high, box[1] - 0.1 * high, box[2] + 0.5 * high, box[3] + 0.1 * high


def _is_covered(box: PixelBox, lines: list[SeenLine]) -> bool:
    """Whether words stand over a good part of the box's width."""
    left, top, right, bottom = _core(box)
    wide = 0.0
    for word in (word for line in lines for word in line.words):
        if min(bottom, word.box[3]) - max(top, word.box[1]) > 0.3 * (bottom - top):
            wide += max(0.0, min(right, word.box[2]) - max(left, word.box[0]))
    return wide > 0.3 * (right - left)


def _as_lines(kept: list[tuple[PixelBox, SeenLine]]) -> list[SeenLine]:
    """Pieces in reading order, those of one row as one line."""
    out: list[SeenLine] = []
    paragraph = 0
    for row in in_order([box for box, _ in kept], rightwards=True):
        pieces = [kept[number][1] for number in row]
        out.append(SeenLine(tuple(word for piece in pieces for word in piece.words), paragraph))
    return out
