"""Second readers that answer from a script, crash, take too long, or return rubbish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PIL import Image

from ocr.engines.contract import PixelBox, SeenLine, SeenWord
from ocr.errors import EngineFailed, EngineTimeout


class Scripted:
    """Finds the given boxes and reads in each what is given for it; `anything` elsewhere."""

    name = "scripted"
    languages = frozenset({"fr", "en"})

    def __init__(
        self, lines: Mapping[PixelBox, SeenLine | None], anything: SeenLine | None = None
    ) -> None:
        self.lines = lines
        self.anything = anything
        self.asked = 0

    def find_lines(self, picture: Image.Image, *, seconds: float) -> list[PixelBox]:
        """The boxes of the script."""
        return list(self.lines)

    def read_lines(
        self, picture: Image.Image, boxes: Sequence[PixelBox], *, seconds: float
    ) -> list[SeenLine | None]:
        """The lines of the script."""
        self.asked += len(boxes)
        return [self.lines.get(box, self.anything) for box in boxes]


class Crashing(Scripted):
    """Fails at the first line it should read."""

    def __init__(self) -> None:
        super().__init__({(95.0, 92.0, 600.0, 128.0): None})

    def read_lines(
        self, picture: Image.Image, boxes: Sequence[PixelBox], *, seconds: float
    ) -> list[SeenLine | None]:
        """It can't."""
        raise EngineFailed("second reader: crashed")


class Slow(Scripted):
    """Never gets done in the time it is given."""

    def __init__(self) -> None:
        super().__init__({})

    def find_lines(self, picture: Image.Image, *, seconds: float) -> list[PixelBox]:
        """Too late."""
        raise EngineTimeout("the second reader took too long")


class Rubbish(Scripted):
    """Finds boxes everywhere, outside the page too, and reads noise in them."""

    def __init__(self) -> None:
        boxes = [(-50.0, 40.0 * n, 3000.0, 40.0 * n + 20.0) for n in range(60)]
        boxes += [(5.0, 5.0, 5.0, 5.0), (9.0, 900.0, 2.0, 100.0)]
        noise = SeenLine((SeenWord("%~", (0.0, 0.0, 1.0, 1.0), 0.2),), 0)
        super().__init__(dict.fromkeys(boxes, noise), anything=noise)
