"""Signs that Tesseract's Arabic models do not know, restored where they must have stood.

The models' 85 signs hold no Arabic comma: it comes out as a semicolon, a closing quotation mark or
a hamza, and is the commonest mistake on Arabic pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_QUOTES = "\"“”'«»"
_LONE = frozenset([*_QUOTES, "''", "©", "+", "؛"])  # what a comma between spaces is read as
_LETTER = r"[\u0621-\u064a]"
_CLOSER = re.compile(rf"(?<={_LETTER}|[\d)\]])[\"“”'»]+[؛.]?$")
_OPENER = re.compile(rf"^[\"“”'«]+(?={_LETTER})")
_HAMZA = re.compile(r"(?<=[^\Wاويئؤآأإ\d])ء$")
# Words that do end in a hamza after such a letter (part, beginning, burden, load, rise, slow …).
_WITH_HAMZA = re.compile(r"(?:جز|بد|عب|در|مل|كف|نش|بط|مر|دف|خب|بر|هز|نت)ء$")
_BARE_YA = re.compile(r"(?<=[^\Wا\d])ئ(?=\W*$)")
# Words that do end in ئ (principles, emergency, beach, refugee, ports, rising, bad …).
_WITH_YA = re.compile(
    r"(?:مباد|بادئ|طار|شاط|شواط|لاج|موان|ناش|سي|هاد|قار|خاط|مبتد|دار|مساو|مخاب|ملاج|كاف|متكاف|بار|"
    r"ممتل|مناو|لآل|هان|منشئ|منش|نات|ظام|دون)ئ\W*$"
)
_REACH = 25  # words between quotation marks that belong together


def with_commas(lines: list[list[str]]) -> list[list[str]]:
    """Return the words of an Arabic page with the commas and the final ya Tesseract can't write.

    They come line by line as Tesseract read them.
    """
    words = [word for line in lines for word in line]
    paired = set(_paired(words))
    # Where commas stand between spaces, as in old print, marks at the end of words are vowels.
    lone = sum(word in _LONE for word in words)
    comma = "" if lone > sum(bool(_CLOSER.search(word)) for word in words) else "،"
    out: list[list[str]] = []
    number = 0
    for line in lines:
        out.append([])
        for at, word in enumerate(line, start=1):
            text = word if number in paired else _without_quotes(word, comma)
            out[-1].append(_mended(text, last=at == len(line)))
            number += 1
    return out


def _without_quotes(text: str, comma: str) -> str:
    """Correct a word whose quotation mark is unpaired."""
    if text in _LONE and text != "؛":
        return "،"
    return _CLOSER.sub(comma, text) or text


def _mended(text: str, *, last: bool) -> str:
    """Correct one word; `last` of its line, where lists do end in semicolons."""
    if not last and text.endswith("؛"):
        text = text[:-1].rstrip(_QUOTES) + "،"
    if not _WITH_HAMZA.search(text):
        text = _HAMZA.sub("،", text)
    return text if _WITH_YA.search(text) else _BARE_YA.sub("ى", text)


def _paired(words: list[str]) -> Iterator[int]:
    """Yield numbers of words with an opening or a closing mark that are a pair."""
    opened: int | None = None
    for number, word in enumerate(words):
        if opened is not None and number - opened > _REACH:
            opened = None
        if _OPENER.match(word):
            opened = number
        if opened is not None and _CLOSER.search(word):
            yield from (opened, number)
            opened = None
