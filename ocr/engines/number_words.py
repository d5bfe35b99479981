"""Neighbouring words of a line that may be pieces of one number, as the engine saw them."""

import re
from collections.abc import Iterable
from typing import Final

from ocr.engines.contract import SeenLine, SeenWord

DOUBTED: Final = 0.6  # a word below this confidence may be a number read as letters
_OF_NUMBER: Final = re.compile(r"[\d/\\|]")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")


def number_words(line: SeenLine, gap: float) -> list[tuple[SeenWord, ...]]:
    """Return the groups, from the right, of words that may be numbers, less than `gap` px apart."""
    groups: list[list[SeenWord]] = []
    for word in sorted(line.words, key=lambda word: -word.box[2]):
        if not _may_belong(word):
            groups.append([])
        elif groups and groups[-1] and groups[-1][-1].box[0] - word.box[2] < gap:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [tuple(group) for group in groups if group]


def joined(words: Iterable[SeenWord]) -> str:
    """Return what was read of a number, without spaces."""
    return "".join(word.text for word in words)


def _may_belong(word: SeenWord) -> bool:
    return bool(_OF_NUMBER.search(word.text)) or (
        not _WORD.search(word.text) and word.confidence < DOUBTED
    )
