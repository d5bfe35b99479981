"""A page under careful reading: its picture, and the available readers for any part of it.

Boxes are (left, top, right, bottom) in pixels of the straightened picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image

from ocr.engines.contract import Engine, PixelBox, SecondReader, SeenLine
from ocr.errors import EngineFailed, EngineTimeout
from ocr.picture.layout import Page, boxes_inside, joined_share, resized, scale_for
from ocr.picture.strip import Strip
from ocr.reading import Language

_GROWN = 0.2  # share of a detector's box above and below the line's ink
_SURE = 0.99  # a line this sure is not read in another light; measured: a third are below
_TALL = 1.2  # of its width: a box this high holds no line


@dataclass(frozen=True, slots=True)
class CarefulPage:
    """A page to be read carefully.

    `left()` gives the seconds that remain and raises EngineTimeout when none do; so does every
    reading here, and EngineFailed. `witness` is the engine with other models; `shaded` gives the
    picture before its light was made even, None where that changed nothing.
    """

    picture: Image.Image
    page: Page
    language: Language
    languages: tuple[Language, ...]
    engine: Engine
    left: Callable[[], float]
    witness: Engine | None = None
    shaded: Callable[[], Image.Image | None] = lambda: None

    @property
    def other_script(self) -> Language:
        """A language of the other script that may stand on the page; "" when there is none."""
        if self.language != "ar":
            return "ar" if "ar" in self.languages else ""
        return next((one for one in self.languages if one != "ar"), "")

    def find(self, second: SecondReader) -> list[PixelBox]:
        """Return boxes of the page's lines, with the margin the second reader reads best with."""
        boxes = second.find_lines(self.picture, seconds=self.left())
        return [box for box in boxes if box[3] - box[1] < _TALL * (box[2] - box[0])]

    def read_second(self, second: SecondReader, boxes: Sequence[PixelBox]) -> list[SeenLine | None]:
        """Return what the second reader reads in each box."""
        return second.read_lines(self.picture, boxes, seconds=self.left()) if boxes else []

    def read_in_both_lights(
        self, second: SecondReader, boxes: Sequence[PixelBox]
    ) -> list[SeenLine | None]:
        """Return what the second reader reads in each box, of two lights in that it is surer of.

        It was made for pictures as they come: made even, light loses thin strokes. Where the other
        light fails or takes too long, what was read in the first stands.
        """
        seen = self.read_second(second, boxes)
        unsure = [n for n, line in enumerate(seen) if not line or line.confidence < _SURE]
        again = self._read_shaded(second, [boxes[n] for n in unsure]) if unsure else []
        for n, new in zip(unsure, again, strict=False):
            old = seen[n]
            if new and (not old or new.confidence > old.confidence):
                seen[n] = new
        return seen

    def _read_shaded(
        self, second: SecondReader, boxes: Sequence[PixelBox]
    ) -> list[SeenLine | None]:
        """Return what is read before the light was made even; nothing where that can't be read."""
        try:
            shaded = self.shaded()
            return second.read_lines(shaded, boxes, seconds=self.left()) if shaded else []
        except (EngineFailed, EngineTimeout):
            return []

    def read_again(self, height: float, engine: Engine | None = None) -> list[SeenLine]:
        """Read the whole page by the engine, or another, its text scaled to `height` pixels."""
        scale = height / self.page.height
        picture = resized(self.picture, scale)
        seen = (engine or self.engine).read(picture, language=self.language, seconds=self.left())
        return [line.scaled(1 / scale) for line in seen]

    def read_line(self, box: PixelBox, language: Language) -> SeenLine | None:
        """Read one of the detector's boxes by the engine, as a line of its own."""
        strip = Strip(self.picture, [core(box)], scale_for(self.page, language))
        seconds = self.left()
        seen = self.engine.read(strip.picture, language=language, seconds=seconds, shape="line")
        return strip.sort(seen)[0]

    def read_block(self, picture: Image.Image, language: Language) -> list[SeenLine]:
        """Read another picture, composed of pieces of the page, by the engine."""
        return self.engine.read(picture, language=language, seconds=self.left(), shape="block")

    def joined(self, box: PixelBox) -> float:
        """Return how much of the ink in a box is connected as Arabic is, 0..1."""
        return joined_share(boxes_inside(self.page, box), self.page.height)


def core(box: PixelBox) -> PixelBox:
    """Return a detector's box without the margin around the line."""
    trim = _GROWN * (box[3] - box[1])
    return box[0], box[1] + trim, box[2], box[3] - trim
