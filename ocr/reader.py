"""One picture of a page into text: turned upright, in the right language, at the right height.

The quick reading: one short probe decides the language, one reading at the measured height gives
the text, and only lines that came out weak are read again, in the page's other languages.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ocr import layout
from ocr.careful import is_weak, reread
from ocr.engine import Engine, PixelBox, SecondReader, SeenLine
from ocr.errors import EngineTimeout
from ocr.quality import ARABIC, LATIN, language_of
from ocr.reading import Box, Care, Language, Speed, Word
from ocr.secondlook import read_missed_lines, read_weak_lines

LANGUAGES: tuple[Language, ...] = ("ar", "fr", "en")
_PROBE_LINES = 4
_SURE = 0.80  # a probe this confident needs no second opinion
_SOUND = 0.62  # a page this confident was read in its own language
_SURELY_JOINED, _SURELY_APART = 0.42, 0.2  # shares of joined ink, see layout.joined_share
_POOR = 0.55  # a page below this is tried the other way up, and in the other script


@dataclass(frozen=True, slots=True)
class PictureReading:
    """What a picture said. `turn`: degrees clockwise that made it upright; boxes are fractions of
    the upright page."""

    language: Language
    confidence: float
    text: str
    words: tuple[Word, ...]
    turn: int
    care: Care


@dataclass(frozen=True, slots=True)
class _Attempt:
    language: Language
    lines: list[SeenLine]
    care: Care = "quick"

    @property
    def letters(self) -> int:
        return sum(len(word.text) for line in self.lines for word in line.words)

    @property
    def confidence(self) -> float:
        weighed = sum(len(w.text) * w.confidence for line in self.lines for w in line.words)
        return weighed / self.letters if self.letters else 0.0

    @property
    def score(self) -> float:
        """Confident letters: what two readings of the same page are compared by."""
        return self.letters * self.confidence**2


class Reader:
    """Reads pictures with an engine in the given languages, `seconds` of wall time for a page.

    Raises EngineFailed and EngineTimeout.
    """

    def __init__(
        self,
        engine: Engine,
        languages: tuple[Language, ...] = LANGUAGES,
        seconds: float = 60.0,
        *,
        speed: Speed = "quick",
        second: SecondReader | None = None,
    ) -> None:
        if not languages:
            raise ValueError("at least one language")
        self.engine = engine
        self.languages = languages
        self.seconds = seconds
        self.speed = speed
        self.second = second

    def read(self, picture: Image.Image) -> PictureReading:
        """The text of a grey picture of a page."""
        deadline = time.monotonic() + self.seconds
        page = layout.measure(picture)
        if page.blank:
            return PictureReading("", 1.0, "", (), 0, "")
        turn = 0
        if page.lying and (degrees := self._turn(picture, deadline)):
            turn, picture = degrees, _turned(picture, degrees)
            page = layout.measure(picture)
        attempt = self._read_upright(picture, page, deadline)
        if attempt.confidence < _POOR and not turn:
            degrees = self._turn(picture, deadline)
            if degrees:
                other = _turned(picture, degrees)
                second = self._read_upright(other, layout.measure(other), deadline)
                if second.score > attempt.score:
                    attempt, turn, picture = second, degrees, other
        return _finish(attempt, turn, picture.size)

    def _read_upright(self, picture: Image.Image, page: layout.Page, deadline: float) -> _Attempt:
        skew = page.skew
        picture, page = layout.straighten(picture, page)
        share = layout.joined_share(page.boxes, page.height)
        attempt = None
        if "ar" in self.languages and share > _SURELY_JOINED:
            attempt = self._read_in("ar", picture, page, deadline)
        if attempt is None or (attempt.confidence < _SOUND and len(self.languages) > 1):
            attempt = self._read_after_probe(picture, page, share, attempt, deadline)
        attempt = self._read_carefully(attempt, picture, page, deadline)
        return replace(attempt, lines=_place_back(attempt.lines, skew, picture.size))

    def _read_carefully(
        self, attempt: _Attempt, picture: Image.Image, page: layout.Page, deadline: float
    ) -> _Attempt:
        """The attempt, made better line by line where this reader's speed asks for it."""
        if self.speed == "quick":
            return attempt
        if self.speed == "as_needed" and not is_weak(page, attempt.lines):
            return attempt
        lines = reread(
            picture,
            page,
            attempt.lines,
            language=attempt.language,
            languages=self.languages,
            engine=self.engine,
            second=self.second,
            left=lambda: _left(deadline),
        )
        return replace(attempt, lines=lines, care="careful")

    def _read_after_probe(
        self,
        picture: Image.Image,
        page: layout.Page,
        share: float,
        earlier: _Attempt | None,
        deadline: float,
    ) -> _Attempt:
        """The page in the language that a few of its lines speak for; where they don't speak
        plainly, in both scripts, and the surer reading is kept."""
        language, sure = self._language(picture, page, share, deadline)
        if earlier and language == earlier.language:
            return earlier
        attempt = self._read_in(language, picture, page, deadline)
        other = self._other_script(language)
        if not earlier and other and not sure and attempt.confidence < _POOR:
            earlier = self._read_in(other, picture, page, deadline)
        return max(attempt, earlier, key=lambda a: a.score) if earlier else attempt

    def _read_in(
        self, language: Language, picture: Image.Image, page: layout.Page, deadline: float
    ) -> _Attempt:
        scale = layout.scale_for(page, language)
        scaled = layout.resized(picture, scale)
        lines = self.engine.read(scaled, language=language, seconds=_left(deadline))
        lines = _scaled(lines, 1 / scale)

        def again(strip: Image.Image, tongue: Language) -> list[SeenLine]:
            return self.engine.read(strip, language=tongue, seconds=_left(deadline), shape="block")

        lines = read_missed_lines(picture, page, lines, language, again)
        lines = read_weak_lines(picture, page, lines, self._other_script(language), again)
        return _Attempt(language, lines)

    def _language(
        self, picture: Image.Image, page: layout.Page, share: float, deadline: float
    ) -> tuple[Language, bool]:
        """The language of the page by reading its densest lines, and whether that was plain."""
        latin = [one for one in self.languages if one != "ar"]
        if len(self.languages) == 1:
            return self.languages[0], True
        band = layout.densest_band(picture, page, _PROBE_LINES)
        first = self._probe(band, page, latin[0], deadline)
        text = "\n".join(line.text for line in first.lines)
        if "ar" not in self.languages or share < _SURELY_APART or first.confidence >= _SURE:
            return self._latin(text, latin), first.confidence >= _SOUND
        second = self._probe(band, page, "ar", deadline)
        if _arabic_score(second) > first.score:
            return "ar", second.confidence >= _SURE
        return self._latin(text, latin), first.confidence >= _SURE

    def _probe(
        self, band: Image.Image, page: layout.Page, language: Language, deadline: float
    ) -> _Attempt:
        scaled = layout.resized(band, layout.scale_for(page, language))
        lines = self.engine.read(scaled, language=language, seconds=_left(deadline), shape="block")
        return _Attempt(language, lines)

    def _latin(self, text: str, latin: Sequence[Language]) -> Language:
        found = language_of(text, latin[0])
        return found if found in latin else latin[0]

    def _other_script(self, language: Language) -> Language:
        if language != "ar":
            return "ar" if "ar" in self.languages else ""
        return next((one for one in self.languages if one != "ar"), "")

    def _turn(self, picture: Image.Image, deadline: float) -> int:
        found = self.engine.turn(picture, seconds=_left(deadline))
        return found.degrees if found and found.confidence > 1.0 else 0


def _left(deadline: float) -> float:
    """Seconds that remain. Raises EngineTimeout when none do."""
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise EngineTimeout("the page's time is used up")
    return remaining


def _arabic_score(attempt: _Attempt) -> float:
    """An Arabic model reads Latin as Arabic nonsense and says so; what it reads as Latin letters
    speaks against Arabic."""
    text = "".join(line.text for line in attempt.lines)
    arabic, latin = len(ARABIC.findall(text)), len(LATIN.findall(text))
    return attempt.score * arabic / max(arabic + latin, 1)


def _turned(picture: Image.Image, degrees: int) -> Image.Image:
    method = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }[degrees]
    return picture.transpose(method)


def _scaled(lines: list[SeenLine], factor: float) -> list[SeenLine]:
    def grow(box: PixelBox) -> PixelBox:
        return (box[0] * factor, box[1] * factor, box[2] * factor, box[3] * factor)

    return [line.moved(grow) for line in lines]


def _place_back(lines: list[SeenLine], skew: float, size: tuple[int, int]) -> list[SeenLine]:
    """Boxes on the straightened picture, back on the page as it was scanned."""

    def turn(box: PixelBox) -> PixelBox:
        left, top, right, bottom = layout.turn_boxes(np.array([box]), skew, size)[0]
        return float(left), float(top), float(right), float(bottom)

    return [line.moved(turn) for line in lines]


def _finish(attempt: _Attempt, turn: int, size: tuple[int, int]) -> PictureReading:
    parts: list[str] = []
    for before, line in zip([None, *attempt.lines], attempt.lines, strict=False):
        if before is not None:
            parts.append("\n" if before.paragraph == line.paragraph else "\n\n")
        parts.append(line.text)
    text = "".join(parts)
    words = tuple(
        Word(word.text, _fraction(word.box, size), word.confidence, number)
        for number, line in enumerate(attempt.lines)
        for word in line.words
    )
    language = language_of(text, attempt.language) if text else ""
    return PictureReading(language, attempt.confidence, text, words, turn, attempt.care)


def _fraction(box: PixelBox, size: tuple[int, int]) -> Box:
    width, height = size
    left, top, right, bottom = box
    x0, y0, x1, y1 = left / width, top / height, right / width, bottom / height
    return _clip(x0), _clip(y0), _clip(x1), _clip(y1)


def _clip(value: float) -> float:
    return min(max(value, 0.0), 1.0)
