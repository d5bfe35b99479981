"""The data of a reading: words with boxes on pages, in one language each, from the file or OCR."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

Box = tuple[float, float, float, float]
PageSource = Literal["text", "ocr", "none", "person"]  # person: corrected or typed by a person
Language = Literal["ar", "fr", "en", ""]
LANGUAGES: tuple[Language, ...] = ("ar", "fr", "en")  # of the texts that are read
Speed = Literal["quick", "careful"]  # quick: careful only where that is weak
SPEEDS = get_args(Speed)
Care = Literal["", "quick", "careful"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word in logical order.

    `box` is (x0, y0, x1, y1), fractions 0..1 of the upright page, from its top left; `confidence`
    0..1; `line` counts the lines of the page from 0.
    """

    text: str
    box: Box
    confidence: float = 1.0
    line: int = 0


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page.

    `number` counts from 1; `seconds` is wall time; `problem` is a code of `Unreadable.CODES` where
    the page could not be read, or what was read is a guess ("doubtful"); `turn` the degrees
    clockwise that make the page, as it is stored, upright; `care` how its picture was read; `width`
    and `height` the upright page's own size: pixels of a stored picture, of a PDF's page as it was
    drawn for reading, points where its own text was taken, 0 where it has no size; `look` its
    visual fingerprint (`ocr.picture.look`), for the first pages of a file.
    """

    number: int
    source: PageSource
    language: Language = ""
    confidence: float = 0.0
    text: str = ""
    words: tuple[Word, ...] = ()
    seconds: float = 0.0
    problem: str = ""
    turn: int = 0
    care: Care = ""
    width: int = 0
    height: int = 0
    look: str = ""

    def lasting(self, seconds: float) -> PageReading:
        """Return the same page with the time it took."""
        return replace(self, seconds=seconds)

    def to_dict(self, *, words: bool = True) -> dict[str, Any]:
        """Return plain values for JSON; words as [text, x0, y0, x1, y1, confidence, line]."""
        page = {key: getattr(self, key) for key in PAGE_FIELDS}
        page["confidence"] = round(self.confidence, 4)
        page["seconds"] = round(self.seconds, 4)
        if words:
            page["words"] = [
                [w.text, *(round(edge, 4) for edge in w.box), round(w.confidence, 4), w.line]
                for w in self.words
            ]
        return page

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> PageReading:
        """Return the page that `to_dict` wrote.

        Raise KeyError, TypeError or ValueError on anything else.
        """
        words = tuple(
            Word(str(text), (float(x0), float(y0), float(x1), float(y1)), float(sure), int(line))
            for text, x0, y0, x1, y1, sure, line in data.get("words", ())
        )
        return cls(**{**data, "words": words})


PAGE_FIELDS = tuple(field.name for field in fields(PageReading) if field.name != "words")


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file; `engine` names reader and models, `problem` says why there are no pages."""

    language: Language
    pages: tuple[PageReading, ...]
    engine: str
    problem: str = ""

    @property
    def text(self) -> str:
        """All pages' text, pages separated by form feeds."""
        return "\f".join(page.text for page in self.pages)

    def to_dict(self, *, words: bool = True) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "language": self.language,
            "engine": self.engine,
            "problem": self.problem,
            "pages": [page.to_dict(words=words) for page in self.pages],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Reading:
        """Return the reading that `to_dict` wrote."""
        pages = tuple(PageReading.from_dict(page) for page in data["pages"])
        return cls(data["language"], pages, data["engine"], data.get("problem", ""))

    @classmethod
    def of_pages(cls, pages: list[PageReading], *, engine: str) -> Reading:
        """Return the reading of these pages; its language is that of most of the text."""
        weight: Counter[Language] = Counter()
        for page in pages:
            if page.language:
                weight[page.language] += len(page.text)
        language: Language = weight.most_common(1)[0][0] if weight else ""
        return cls(language, tuple(pages), engine)


def describe(page: PageReading) -> dict[str, Any]:
    """Return the public short form of a page, the stable output of `read_file --json`."""
    shown = ("number", "source", "language", "confidence", "text", "seconds")
    full = page.to_dict(words=False)
    return {key: full[key] for key in shown} | ({"problem": page.problem} if page.problem else {})


def describe_words(page: PageReading) -> dict[str, Any]:
    """Return the page's size, and its words with boxes [x0, y0, x1, y1] in that size's unit.

    This is what `read_file --words` adds to `describe`.
    """
    across, down = page.width, page.height
    words = [
        {
            "text": word.text,
            "box": [
                round(edge * size, 1)
                for edge, size in zip(word.box, (across, down, across, down), strict=True)
            ],
            "confidence": round(word.confidence, 4),
        }
        for word in page.words
    ]
    return {"width": across, "height": down, "words": words}
