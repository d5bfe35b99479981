"""Many small pieces of a page in one picture, so that rereading them is one short call."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from ocr.engines.contract import PixelBox, SeenLine, SeenWord
from ocr.picture.layout import resized


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a piece stands: rows `top` to `bottom` of the strip; its corner on the page."""

    top: int
    bottom: int
    left: float
    upper: float


class Strip:
    """Pieces of a page, each `factor` times as large, one below the other on white."""

    _INDENT = 10

    def __init__(
        self,
        picture: Image.Image,
        boxes: list[PixelBox],
        factor: float,
        *,
        beside: float = 0.5,  # heights of a box that are shown to its left and right
    ) -> None:
        self._factor = factor
        pieces, self._slots, top = [], [], self._INDENT
        for left, upper, right, lower in boxes:
            margin, aside = 0.25 * (lower - upper), beside * (lower - upper)
            x, y = int(max(0.0, left - aside)), int(max(0.0, upper - margin))
            piece = resized(
                picture.crop(
                    (
                        x,
                        y,
                        min(picture.width, int(right + aside) + 1),
                        min(picture.height, int(lower + margin) + 1),
                    )
                ),
                factor,
            )
            pieces.append((piece, top))
            self._slots.append(_Slot(top, top + piece.height, float(x), float(y)))
            top += piece.height + max(6, piece.height // 2)
        wide = max(piece.width for piece, _ in pieces) + 2 * self._INDENT
        self.picture = Image.new("L", (wide, top + self._INDENT), 255)
        for piece, at in pieces:
            self.picture.paste(piece, (self._INDENT, at))

    def sort(self, lines: list[SeenLine]) -> list[SeenLine | None]:
        """Return for each piece the line read in it, with boxes on the page; None if nothing."""
        return [self._line_in(slot, lines) for slot in self._slots]

    def _line_in(self, slot: _Slot, lines: list[SeenLine]) -> SeenLine | None:
        words: list[SeenWord] = []
        for line in lines:
            _, top, _, bottom = line.box
            if slot.top <= (top + bottom) / 2 < slot.bottom:
                words.extend(line.words)
        if not words:
            return None
        factor, indent = self._factor, self._INDENT

        def place(box: PixelBox) -> PixelBox:
            return (
                slot.left + (box[0] - indent) / factor,
                slot.upper + (box[1] - slot.top) / factor,
                slot.left + (box[2] - indent) / factor,
                slot.upper + (box[3] - slot.top) / factor,
            )

        return SeenLine(tuple(words), 0).moved(place)
