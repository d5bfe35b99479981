"""The contract of an engine that reads pictures, with Tesseract and a null engine behind it.

An engine gets a picture of dark text on light ground, upright, at the height it likes, and answers
lines of words in reading order with boxes in pixels. It never sees a citizen's file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from PIL import Image

from ocr.engines.signs import with_commas
from ocr.engines.tessdata import Models, find, system_folder
from ocr.errors import EngineFailed, EngineTimeout

Shape = Literal["page", "column", "block", "line"]
PixelBox = tuple[float, float, float, float]
CODES = {"ar": "ara", "fr": "fra", "en": "eng"}
_MODES: dict[Shape, int] = {"page": 3, "column": 4, "block": 6, "line": 13}


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word as seen: box (left, top, right, bottom) in pixels, confidence 0..1.

    The confidence is as its reader `by` scores it (see `ocr.engines.calibration`).
    """

    text: str
    box: PixelBox
    confidence: float
    by: str = "tesseract"


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of words in reading order; `paragraph` says which lines belong together."""

    words: tuple[SeenWord, ...]
    paragraph: int

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """Mean over the letters, 0..1."""
        letters = sum(len(word.text) for word in self.words)
        return sum(len(w.text) * w.confidence for w in self.words) / letters if letters else 0.0

    def moved(self, place: Callable[[PixelBox], PixelBox]) -> SeenLine:
        """Return the same line with every box moved by `place`."""
        words = (replace(word, box=place(word.box)) for word in self.words)
        return SeenLine(tuple(words), self.paragraph)

    def scaled(self, factor: float) -> SeenLine:
        """Return the same line on a picture `factor` times as large."""
        return self.moved(
            lambda box: (box[0] * factor, box[1] * factor, box[2] * factor, box[3] * factor)
        )

    @property
    def box(self) -> PixelBox:
        """The smallest box around all words, pixels."""
        lefts, tops, rights, bottoms = zip(*(word.box for word in self.words), strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)


# Reads places of a page, one line for each; None where nothing was read.
ReadPlaces = Callable[[Sequence[PixelBox]], Sequence[SeenLine | None]]


@dataclass(frozen=True, slots=True)
class Turn:
    """How to make a page upright: degrees to turn it clockwise (0, 90, 180, 270)."""

    degrees: int
    confidence: float


class Engine(Protocol):
    """The interface of every engine.

    Both methods raise EngineFailed, or EngineTimeout after `seconds`.
    """

    name: str

    def read(
        self, picture: Image.Image, *, language: str, seconds: float, shape: Shape = "page"
    ) -> list[SeenLine]:
        """Return the lines of the picture in a language (ar, fr, en), in reading order."""

    def turn(self, picture: Image.Image, *, seconds: float) -> Turn | None:
        """Return which way is up; None when the engine can't say."""


class SecondReader(Protocol):
    """A reader using another method than the first.

    It finds lines of every script, and reads those of the `languages` it knows. Both methods raise
    EngineFailed, or EngineTimeout after `seconds`.
    """

    name: str
    languages: frozenset[str]

    def find_lines(self, picture: Image.Image, *, seconds: float) -> list[PixelBox]:
        """Return boxes of the lines of the picture, in no order."""

    def read_lines(
        self, picture: Image.Image, boxes: Sequence[PixelBox], *, seconds: float
    ) -> list[SeenLine | None]:
        """Return for each box of the picture the line in it; None where nothing was read."""


class NoEngine:
    """A null engine: an office without an OCR engine still registers, finds and routes."""

    name = "none"

    def read(
        self, picture: Image.Image, *, language: str, seconds: float, shape: Shape = "page"
    ) -> list[SeenLine]:
        """Return no lines."""
        return []

    def turn(self, picture: Image.Image, *, seconds: float) -> Turn | None:
        """Return None."""
        return None


class Tesseract:
    """Tesseract 5 by pytesseract: one process and one thread a call."""

    def __init__(self, models: Models | None = None) -> None:
        # Tesseract's own threads make one page a little faster and two pages much slower.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        self.models = models or find()
        self.name = f"tesseract/{self.models.kind}"

    def witness(self) -> Tesseract | None:
        """Return Tesseract with the system's models where these are others and read Arabic."""
        folder = system_folder() if self.models.folder else None
        if folder is None or not (folder / "ara.traineddata").is_file():
            return None
        return Tesseract(Models(None, "system"))

    def read(
        self, picture: Image.Image, *, language: str, seconds: float, shape: Shape = "page"
    ) -> list[SeenLine]:
        """Read the picture, as `Engine.read` says."""
        import pytesseract

        config = f"{self._folder()} --psm {_MODES[shape]} --dpi 150"
        table = self._call(
            pytesseract.image_to_data,
            _cheap(picture),
            lang=CODES[language],
            config=config,
            timeout=seconds,
            output_type=pytesseract.Output.DICT,
        )
        lines = _lines(table)
        return _with_commas(lines) if language == "ar" else lines

    def turn(self, picture: Image.Image, *, seconds: float) -> Turn | None:
        """Return which way is up, as `Engine.turn` says; None, no failure, for too little text."""
        import pytesseract

        if not self.models.has_osd:
            return None
        try:
            found = self._call(
                pytesseract.image_to_osd,
                _cheap(picture),
                config=f"{self._folder()} --dpi 150",
                timeout=seconds,
                output_type=pytesseract.Output.DICT,
            )
            return Turn(int(found["rotate"]) % 360, float(found["orientation_conf"]))
        except EngineTimeout:
            raise
        except (EngineFailed, KeyError, ValueError):
            return None

    def _folder(self) -> str:
        return f'--tessdata-dir "{self.models.folder}"' if self.models.folder else ""

    def _call(self, function: Any, picture: Image.Image, **options: Any) -> dict[str, Any]:
        import pytesseract

        try:
            answer: dict[str, Any] = function(picture, **options)
        except pytesseract.TesseractError as error:
            raise EngineFailed(f"tesseract ended with status {error.status}") from None
        except (pytesseract.TesseractNotFoundError, OSError) as error:
            raise EngineFailed(f"tesseract: {type(error).__name__}") from None
        except RuntimeError:  # pytesseract's message for a time-out
            raise EngineTimeout("tesseract took too long") from None
        except (ValueError, IndexError, KeyError, SystemExit) as error:
            raise EngineFailed(f"tesseract answered nonsense: {type(error).__name__}") from None
        return answer


def _cheap(picture: Image.Image) -> Image.Image:
    """Return the same picture in a format that is cheap to write: PNG took as long as a line."""
    picture = picture if picture.mode in {"L", "1"} else picture.convert("L")
    picture.format = "BMP"
    return picture


def _lines(table: dict[str, Any]) -> list[SeenLine]:
    """Convert Tesseract's table into lines. Raise EngineFailed when it is no such table."""
    lines: dict[tuple[int, int, int], list[SeenWord]] = {}
    try:
        for row in range(len(table["text"])):
            text = str(table["text"][row]).strip()
            if int(table["level"][row]) != 5 or not text:
                continue
            left, top = int(table["left"][row]), int(table["top"][row])
            box = (left, top, left + int(table["width"][row]), top + int(table["height"][row]))
            key = tuple(int(table[name][row]) for name in ("block_num", "par_num", "line_num"))
            confidence = min(max(float(table["conf"][row]) / 100, 0.0), 1.0)
            lines.setdefault((key[0], key[1], key[2]), []).append(SeenWord(text, box, confidence))
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise EngineFailed(f"tesseract answered nonsense: {type(error).__name__}") from None
    paragraphs = {key: n for n, key in enumerate(dict.fromkeys(key[:2] for key in lines))}
    return [SeenLine(tuple(words), paragraphs[key[:2]]) for key, words in lines.items()]


def _with_commas(lines: list[SeenLine]) -> list[SeenLine]:
    texts = with_commas([[word.text for word in line.words] for line in lines])
    out = []
    for line, row in zip(lines, texts, strict=True):
        words = (replace(word, text=text) for word, text in zip(line.words, row, strict=True))
        out.append(replace(line, words=tuple(words)))
    return out
