"""What was read of a picture, made into a page: its text, its words, how sure they are."""

from __future__ import annotations

from dataclasses import dataclass

from ocr.attempt import Attempt
from ocr.engines.calibration import Calibrate
from ocr.engines.contract import PixelBox
from ocr.picture.look import look_of
from ocr.picture.upright import Upright
from ocr.quality import language_of
from ocr.reading import Box, Care, Language, Word


@dataclass(frozen=True, slots=True)
class PictureReading:
    """The reading of a picture; boxes are fractions of the upright page.

    `turn`: degrees clockwise that made it upright; `problem`: a code of `Unreadable.CODES` where it
    is not legible, or a guess; `look`: see `ocr.picture.look`.
    """

    language: Language
    confidence: float
    text: str
    words: tuple[Word, ...]
    turn: int
    care: Care
    problem: str = ""
    look: str = ""


def finish(attempt: Attempt, sheet: Upright, calibrate: Calibrate) -> PictureReading:
    """Return the page of an attempt, its boxes on the picture as it came, words calibrated."""
    lines = sheet.place_back(attempt.lines)
    parts: list[str] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None:
            parts.append("\n" if before.paragraph == line.paragraph else "\n\n")
        parts.append(line.text)
    text = "".join(parts)
    words = tuple(
        Word(
            word.text,
            _fraction(word.box, sheet.source.size),
            calibrate(word.confidence, engine=word.by, language=attempt.language),
            number,
        )
        for number, line in enumerate(lines)
        for word in line.words
    )
    language = language_of(text, attempt.language) if text else ""
    sure = sum(len(word.text) * word.confidence for word in words)
    sure /= max(sum(len(word.text) for word in words), 1)
    return PictureReading(language, sure, text, words, sheet.turn, attempt.care, look=look(sheet))


def look(sheet: Upright) -> str:
    """Return the page's visual fingerprint (`ocr.picture.look`)."""
    return look_of(sheet.page, sheet.picture.width)


def _fraction(box: PixelBox, size: tuple[int, int]) -> Box:
    width, height = size
    left, top, right, bottom = box
    x0, y0, x1, y1 = left / width, top / height, right / width, bottom / height
    return _clip(x0), _clip(y0), _clip(x1), _clip(y1)


def _clip(value: float) -> float:
    return min(max(value, 0.0), 1.0)
