"""Numbers in an office's formats whose words or codes a scan misread: 02817/RADEE)J/23.

Only what stands between strokes is compared, only codes of three letters or more, and only where
one format and one code can be meant. Figures are never repaired.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from language.bidi import strip_bidi_controls
from language.number_formats import FoundNumber, NumberFormat
from language.numerals import ascii_digits

_PART: Final = r"[\w)(|!\[\].']{1,16}"
_CANDIDATE: Final = re.compile(
    rf"(?<![\w/\\]){_PART}(?:[^\S\n]?[/\\][^\S\n]?{_PART}){{1,4}}(?<=\w)(?![\w/\\])"
)
_FIGURES: Final = {
    "{serial}": re.compile(r"\d{1,9}"),
    "{year}": re.compile(r"(?:19|20)\d\d|\d\d"),
}
_ALIKE: Final = str.maketrans("01l|!5862", "OIIIISBGZ")
_LEAST: Final = 3  # letters of a code: shorter ones are too like figures


def find_misread_numbers(text: str, formats: Sequence[NumberFormat]) -> Iterator[FoundNumber]:
    """Yield each stretch of the text that is a misread number of one of these formats alone.

    The value is what its format would write. Places are those of the text without direction marks.
    """
    plain = ascii_digits(strip_bidi_controls(text))
    for match in _CANDIDATE.finditer(plain):
        parts = [part.strip() for part in re.split(r"[/\\]", match[0])]
        meant = {
            value: one
            for one in formats
            for value in _values(one, parts)
            if value != "/".join(parts)
        }
        if len(meant) == 1:
            ((value, one),) = meant.items()
            yield FoundNumber(value, match[0], match.start(), match.end(), one)


def _values(one: NumberFormat, parts: Sequence[str]) -> list[str]:
    """Return the numbers of a format that these parts may be: none, one, or one for each code."""
    pieces = one.pattern.split("/")
    if len(pieces) != len(parts):
        return []
    codes = {"{register}": one.registers, "{department}": one.departments}
    values = [""]
    for piece, part in zip(pieces, parts, strict=True):
        if figures := _FIGURES.get(piece):
            meant = [part] if figures.fullmatch(part) else []
        else:
            meant = [code for code in codes.get(piece, (piece,)) if _is_meant(part, code)]
        values = [f"{value}/{found}" for value in values for found in meant]
    return [value[1:] for value in values]


def _is_meant(part: str, code: str) -> bool:
    """Return whether a part is a code but for stray signs and figures like its letters."""
    read = re.sub(r"[)(\[\].']", "", part)
    if len(code) < _LEAST or not code.isalpha() or len(read) != len(code):
        return False
    kept = sum(one == other for one, other in zip(read.upper(), code.upper(), strict=True))
    alike = read.translate(_ALIKE).upper() == code.translate(_ALIKE).upper()
    return alike and 2 * kept >= len(code)
