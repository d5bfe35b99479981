"""Whether what an engine read is writing that it knows, or guesses at handwriting and dirt.

Engines turn handwriting into gibberish and report low confidence: hardly a word of it is sure.
Faint and worn print has weak words too, but sure ones among them. No measure separates the two on
every page, so what was read is kept in either case; guesses are marked as such.
"""

from __future__ import annotations

from ocr.engines.calibration import calibrated
from ocr.engines.contract import SeenLine, SeenWord
from ocr.reading import Language

_LONG = 3  # letters or figures: shorter ones are hit by chance
_SURE = 0.8
_LEAST_SURE = 0.08  # share of the long words; measured: handwriting up to 0.04, worn print 0.15
_POOR = 0.45  # a mean confidence above this is print, whatever its words
_MOST = 0.5  # share of the characters: with more by the second reader, its own measure counts
_LEAST_RIGHT = 0.5  # by calibrated confidence; measured: handwriting up to 0.38, print from 0.69


def problem_of(lines: list[SeenLine], language: Language) -> str:
    """Return why the lines may not stand as a page's text without a mark; "" where they may.

    "doubtful" for words to keep as guesses, "empty" where there is not a letter or figure.
    """
    words = [word for line in lines for word in line.words]
    if not any(map(_solid, words)):
        return "empty"
    seconds = [word for word in words if word.by != "tesseract"]
    if _characters(seconds) > _MOST * _characters(words):
        return "" if _share_right(words, language) >= _LEAST_RIGHT else "doubtful"
    return "" if _is_legible(words) else "doubtful"


def _share_right(words: list[SeenWord], language: Language) -> float:
    """Return how much of the text stands in right words, by their calibrated confidence."""
    right = sum(
        len(word.text) * calibrated(word.confidence, engine=word.by, language=language)
        for word in words
    )
    return right / _characters(words)


def _characters(words: list[SeenWord]) -> int:
    return sum(len(word.text) for word in words)


def _is_legible(words: list[SeenWord]) -> bool:
    characters = _characters(words)
    if sum(len(word.text) * word.confidence for word in words) >= _POOR * characters:
        return True
    long = [word for word in words if _solid(word) >= _LONG]
    return sum(word.confidence >= _SURE for word in long) > _LEAST_SURE * len(long)


def _solid(word: SeenWord) -> int:
    """Return how many letters and figures a word has."""
    return sum(map(str.isalnum, word.text))
