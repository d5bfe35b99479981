"""A second reader that reads nothing twice of the pictures that it read last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image

from ocr.engines.contract import PixelBox, SecondReader, SeenLine


@dataclass(slots=True)
class _Known:
    picture: Image.Image
    boxes: list[PixelBox] | None = None
    lines: dict[PixelBox, SeenLine | None] = field(default_factory=dict)


class ReadOnce:
    """A `contract.SecondReader` for one page that returns its first answer to a repeated call."""

    def __init__(self, reader: SecondReader) -> None:
        self.name = reader.name
        self.languages = reader.languages
        self._reader = reader
        self._known: list[_Known] = []

    def find_lines(self, picture: Image.Image, *, seconds: float) -> list[PixelBox]:
        """Return boxes of the lines of the picture, in no order."""
        known = self._of(picture)
        if known.boxes is None:
            known.boxes = self._reader.find_lines(picture, seconds=seconds)
        return known.boxes

    def read_lines(
        self, picture: Image.Image, boxes: Sequence[PixelBox], *, seconds: float
    ) -> list[SeenLine | None]:
        """Return for each box of the picture the line in it; None where nothing was read."""
        lines = self._of(picture).lines
        new = [box for box in dict.fromkeys(boxes) if box not in lines]
        if new:
            found = self._reader.read_lines(picture, new, seconds=seconds)
            lines.update(zip(new, found, strict=True))
        return [lines[box] for box in boxes]

    def take_places(self, picture: Image.Image, *, to: Image.Image) -> None:
        """Look for no lines in `to`: they stand where those of `picture` do, if these are known."""
        self._of(to).boxes = self._of(picture).boxes

    def _of(self, picture: Image.Image) -> _Known:
        """Return what is known of a picture; the last two are remembered."""
        found = next((one for one in self._known if one.picture is picture), None)
        if found is None:
            found = _Known(picture)
            self._known = [*self._known[-1:], found]
        return found
