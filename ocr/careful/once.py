"""A second reader that reads nothing twice of the picture that it read last."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from ocr.engines.contract import PixelBox, SecondReader, SeenLine


class ReadOnce:
    """A `contract.SecondReader` for one page: asked again, it gives the answer it gave before."""

    def __init__(self, reader: SecondReader) -> None:
        self.name = reader.name
        self.languages = reader.languages
        self._reader = reader
        self._picture: Image.Image | None = None
        self._boxes: list[PixelBox] | None = None
        self._lines: dict[PixelBox, SeenLine | None] = {}

    def find_lines(self, picture: Image.Image, *, seconds: float) -> list[PixelBox]:
        """Return boxes of the lines of the picture, in no order."""
        self._turn_to(picture)
        if self._boxes is None:
            self._boxes = self._reader.find_lines(picture, seconds=seconds)
        return self._boxes

    def read_lines(
        self, picture: Image.Image, boxes: Sequence[PixelBox], *, seconds: float
    ) -> list[SeenLine | None]:
        """Return for each box of the picture the line in it; None where nothing was read."""
        self._turn_to(picture)
        new = [box for box in dict.fromkeys(boxes) if box not in self._lines]
        if new:
            found = self._reader.read_lines(picture, new, seconds=seconds)
            self._lines.update(zip(new, found, strict=True))
        return [self._lines[box] for box in boxes]

    def _turn_to(self, picture: Image.Image) -> None:
        if picture is not self._picture:
            self._picture, self._boxes, self._lines = picture, None, {}
