"""Whether what an engine read is writing that it knows, or guesses at handwriting and dirt.

Engines turn handwriting into gibberish and report low confidence: hardly a word of it is sure.
Faint and worn print has weak words too, but sure ones among them. No measure separates the two on
every page, so what was read is kept in either case; guesses are marked as such.
"""

from __future__ import annotations

from ocr.engines.contract import SeenLine

_LONG = 3  # letters or figures: shorter ones are hit by chance
_SURE = 0.8
_LEAST_SURE = 0.08  # share of the long words; measured: handwriting up to 0.04, worn print 0.15
_POOR = 0.45  # a mean confidence above this is print, whatever its words
_LEAST_GUESSES = 20  # characters: fewer are dirt, not handwriting


def is_legible(lines: list[SeenLine]) -> bool:
    """Return whether the lines may stand as a page's text without a mark."""
    words = [word for line in lines for word in line.words]
    characters = sum(len(word.text) for word in words)
    if not characters:
        return False
    if sum(len(word.text) * word.confidence for word in words) >= _POOR * characters:
        return True
    long = [word for word in words if sum(c.isalnum() for c in word.text) >= _LONG]
    return sum(word.confidence >= _SURE for word in long) > _LEAST_SURE * len(long)


def why_not(lines: list[SeenLine]) -> str:
    """Return the problem of a page whose lines are not legible, a code of `Unreadable.CODES`.

    It is doubtful where there are words to keep.
    """
    words = [word for line in lines for word in line.words]
    if any(sum(c.isalnum() for c in word.text) >= _LONG for word in words):
        return "doubtful"
    guesses = sum(len(word.text) for word in words)
    return "handwriting" if guesses >= _LEAST_GUESSES else "empty"
