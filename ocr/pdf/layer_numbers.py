"""Numbers of a page's own text, checked against the picture.

Fonts whose map to Unicode is wrong in the digits alone give perfect prose and false dates.

The numbers of each Arabic page are read again by `ocr.engines.digits`, each among the words of its
line. What the layer says is kept, digit by digit: a picture is no better evidence than a sound
layer. A number that looks like another one is doubted, so that a person checks it. On 863 numbers
of sound layers that reader saw none otherwise.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from PIL import Image

from ocr.engines.contract import SeenLine, SeenWord
from ocr.engines.digits import reread_numbers
from ocr.errors import Unreadable
from ocr.pdf.pages import Layer
from ocr.quality import ARABIC, LATIN, lacks_arabic
from ocr.reading import Word

_FIGURE = re.compile(r"\d")
_MOST = 80
_MANY, _MANY_SHARE = 2, 0.08  # so many wrong numbers of a page are a wrong map's
DOUBT = 0.3  # the confidence of a number that two witnesses read differently


def with_doubted_numbers(layer: Layer, draw: Callable[[], Image.Image]) -> Layer:
    """Return the layer, its numbers doubted where the page shows others.

    All are doubted where the page lacks its Arabic letters: nothing tells which way they follow
    each other. `draw` gives the page in grey, as it is stored; it is called on Arabic pages with
    numbers.
    """
    numbers = [word for word in layer.words if _is_number(word)]
    if lacks_arabic(layer.text):
        return _doubting(layer, set(numbers))
    if not numbers or len(ARABIC.findall(layer.text)) < len(LATIN.findall(layer.text)):
        return layer
    try:
        page = draw().rotate(-layer.turn, expand=True)
    except Unreadable:
        return layer
    numbers = numbers[:_MOST]
    seen = _seen(page, layer.words)
    wrong = {word: seen[word] for word in numbers if _figures(seen[word]) != _figures(word.text)}
    if not wrong:
        return layer
    many = len(wrong) >= max(_MANY, _MANY_SHARE * len(numbers))
    exchanged = _exchanged(wrong) if many else set()
    return _doubting(
        layer,
        {
            word
            for word in layer.words
            if _is_number(word) and (word in wrong or exchanged & set(word.text))
        },
    )


def _doubting(layer: Layer, doubted: set[Word]) -> Layer:
    words = (replace(w, confidence=DOUBT) if w in doubted else w for w in layer.words)
    return replace(layer, words=tuple(words))


def _figures(text: str) -> str:
    """Return what is compared: digits without the Arabic zero, which resembles a full stop."""
    return "".join(_FIGURE.findall(text)).replace("\u0660", "")


def _is_number(word: Word) -> bool:
    return len(_FIGURE.findall(word.text)) >= 2


def _seen(page: Image.Image, words: Sequence[Word]) -> dict[Word, str]:
    """Return what the page shows for each word: itself where that is unclear or no number."""
    lines: defaultdict[int, list[Word]] = defaultdict(list)
    for word in words:
        lines[word.line].append(word)
    held = [line for line in lines.values() if any(map(_is_number, line))]
    read = reread_numbers(page, [_pictured(line, page.size) for line in held])
    return {
        word: seen.text
        for line, mended in zip(held, read, strict=True)
        for word, seen in zip(line, mended.words, strict=True)
    }


def _pictured(line: Sequence[Word], size: tuple[int, int]) -> SeenLine:
    """Return a line of the layer as if an engine had read it, sure of all but its numbers."""
    wide, high = size
    words = [
        SeenWord(
            word.text,
            (word.box[0] * wide, word.box[1] * high, word.box[2] * wide, word.box[3] * high),
            0.0 if _is_number(word) else 1.0,
        )
        for word in line
    ]
    return SeenLine(tuple(words), 0)


def _exchanged(wrong: dict[Word, str]) -> set[str]:
    """Return digits in whose place others were seen, in numbers of the same shape."""
    return {
        false
        for word, seen in wrong.items()
        if len(word.text) == len(seen)
        for false, true in zip(word.text, seen, strict=True)
        if false != true and _FIGURE.match(false)
    }
