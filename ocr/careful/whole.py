"""An engine that reads no page twice in one language."""

from __future__ import annotations

from PIL import Image

from ocr.attempt import Attempt
from ocr.engines.contract import Engine
from ocr.picture import layout
from ocr.picture.upright import Upright
from ocr.reading import Language


class WholeReadings:
    """Readings of a page as a whole; a repeated call returns the attempt made before.

    This holds for the picture that was read last: rotated or with thicker ink, it is another.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._picture: Image.Image | None = None
        self._known: dict[Language, Attempt] = {}

    def read(self, language: Language, sheet: Upright, *, seconds: float) -> Attempt:
        """Return the page as read in this language; raise what the engine raises."""
        if self._picture is not sheet.picture:
            self._picture, self._known = sheet.picture, {}
        if language not in self._known:
            scale = layout.scale_for(sheet.page, language)
            scaled = layout.resized(sheet.picture, scale)
            lines = self._engine.read(scaled, language=language, seconds=seconds)
            self._known[language] = Attempt(language, [line.scaled(1 / scale) for line in lines])
        return self._known[language]
