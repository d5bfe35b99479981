"""Numbers in an office's formats of which a scan misread a sign: 02817/RADEE)J/23, 512/BRT12026.

Repaired are words and codes of three letters or more whose signs look alike, one sign of a serial
that can be one figure alone (O, l, I, |), a stray nought before a year, the first figure of one
(026), and one stroke that was lost or read as 1 where the code and a whole year still tell the
parts; and only where one format and one code can be meant. Other figures are never changed: a
person looks at what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from language.bidi import strip_bidi_controls
from language.number_formats import FoundNumber, NumberFormat, piece_pattern, written_as
from language.numerals import ascii_digits

_PART: Final = r"[\w)(|!\[\].']{1,16}"
_STROKE: Final = r"[^\S\n]?[/\\\-–][^\S\n]?"
_CANDIDATE: Final = re.compile(
    rf"(?<![\w/\\\-]){_PART}(?:{_STROKE}{_PART}){{1,4}}(?<=\w)(?![\w/\\\-])"
)
_FIGURES: Final = {
    "{serial}": re.compile(r"(?P<kept>\d{1,9})"),
    "{year}": re.compile(r"0?(?P<kept>(?:19|20)\d\d)|(?P<lost>0[0-4]\d)|(?P<short>\d\d)"),
    "{letters}": re.compile(r"(?P<kept>[^\W\d_]{1,8}(?:\.[^\W\d_]{1,4}){0,4})"),
}
_ARABIC: Final = re.compile("[\u0621-\u064a]")
_ALIKE: Final = str.maketrans("01l|!5862J)]", "OIIIISBGZIII")
# Figures that a Latin code comes back as whole amid Arabic lines: 4658 or 8658 for AGSB.
_AS_FIGURES: Final = {
    "A": "48", "B": "83", "D": "0", "E": "3", "G": "69", "I": "1", "J": "1", "L": "1", "N": "1",
    "O": "0", "Q": "0", "R": "82", "S": "5", "T": "71", "U": "0", "Z": "27",
}  # fmt: skip
# Before a number: a letter of ours is meant, so a code of two letters is enough.
_CALLED_OURS: Final = re.compile(r"[\u0621-\u064a]{3,}كم(?: (?:تحت |ذات )?(?:رقم|عدد))?\s?:?\s?$")
_AS_ONE_FIGURE: Final = str.maketrans("OolI|!", "001111")
_LEAST: Final = 3  # letters of a code: shorter ones are too like figures
_LEAST_IN_FIGURES: Final = 4
_LEAST_CALLED_OURS: Final = 2
_BEFORE: Final = 40  # characters before a number


def find_misread_numbers(text: str, formats: Sequence[NumberFormat]) -> Iterator[FoundNumber]:
    """Yield each stretch of the text that is a misread number of one of these formats alone.

    The value is what its format would write. Places are those of the text without direction marks.
    """
    plain = ascii_digits(strip_bidi_controls(text))
    for match in _CANDIDATE.finditer(plain):
        in_figures = _least_in_figures(plain, match)
        meant = {
            value: one
            for one in formats
            for value in _values(one, match[0], in_figures=in_figures)
            if value != re.sub(r"\s", "", match[0])
        }
        if len(meant) == 1:
            ((value, one),) = meant.items()
            yield FoundNumber(value, match[0], match.start(), match.end(), one)
    yield from _without_a_stroke(plain, formats)


def _least_in_figures(text: str, match: re.Match[str]) -> int | None:
    """Return how many letters a code must have that was read as figures; None on a Latin line."""
    if _ARABIC.search(_line_around(text, match)) is None:
        return None
    begin = max(0, match.start() - _BEFORE)
    ours = _CALLED_OURS.search(text, begin, match.start())
    return _LEAST_CALLED_OURS if ours else _LEAST_IN_FIGURES


def _line_around(text: str, match: re.Match[str]) -> str:
    end = text.find("\n", match.end())
    return text[text.rfind("\n", 0, match.start()) + 1 : end if end >= 0 else len(text)]


def _without_a_stroke(text: str, formats: Sequence[NumberFormat]) -> Iterator[FoundNumber]:
    """Yield numbers of which one stroke was lost or read as 1, where all else is as written."""
    found: dict[tuple[int, int], dict[str, NumberFormat]] = {}
    for one in formats:
        for pattern in _loose_patterns(one):
            for match in pattern.finditer(text):
                value = written_as(one, match.groupdict())
                found.setdefault(match.span(), {})[value] = one
    for (start, end), meant in found.items():
        if len(meant) == 1:
            ((value, one),) = meant.items()
            yield FoundNumber(value, text[start:end], start, end, one)


@lru_cache(maxsize=1024)
def _loose_patterns(one: NumberFormat) -> tuple[re.Pattern[str], ...]:
    """Return a format's patterns with one stroke lost, at each place where it is still told.

    Between a word and the serial either may be lost; before a whole year it may also be a 1.
    """
    pieces = re.split(r"\s*([/])\s*", one.pattern)
    if len(pieces) != 5 or "{letters}" in one.pattern:
        return ()
    codes = {"register": one.registers, "department": one.departments}
    if any(f"{{{part}}}" in one.pattern and not known for part, known in codes.items()):
        return ()
    out = []
    for place in (1, 3):
        before, after = pieces[place - 1], pieces[place + 1]
        if {before, after} == {"{serial}", "{year}"}:
            continue  # figures run together
        loose = "[1lI|!]?" if "{year}" in (before, after) else ""
        parts = [
            _after_serial(before) + loose if number == place
            else r"[^\S\n]?[/\\][^\S\n]?" if piece == "/"
            else r"(?P<year>(?:19|20)\d\d)" if piece == "{year}"
            else piece_pattern(piece, codes)
            for number, piece in enumerate(pieces)
        ]  # fmt: skip
        out.append(re.compile(rf"(?<![\w/\\.\-]){''.join(parts)}(?![\w/\\\-]|\.\w)"))
    return tuple(out)


def _after_serial(before: str) -> str:
    """Return what lets no serial end in a 1 that may be its stroke."""
    return "(?<!1)" if before == "{serial}" else ""


def _values(one: NumberFormat, words: str, *, in_figures: int | None) -> list[str]:
    """Return the numbers of a format that these words may be: none, one, or one for each code."""
    pieces = [piece.strip() for piece in re.split(r"([/\-])", one.pattern)]
    parts = [part.strip() for part in re.split(r"([/\\\-–])", words)]
    if len(pieces) != len(parts):
        return []
    codes = {"{register}": one.registers, "{department}": one.departments}
    values, serial_misread, code_misread = [""], False, False
    for piece, part in zip(pieces, parts, strict=True):
        if piece in ("/", "-"):
            meant = [piece] if (piece == "/") == (part in "/\\") else []
        elif figures := _FIGURES.get(piece):
            kept = figures.fullmatch(_year_alike(part) if piece == "{year}" else part)
            meant = [_kept(kept)] if kept else []
            if piece == "{serial}" and not meant:
                meant, serial_misread = _serials_meant(part), True
        else:
            known = codes.get(piece, (piece,))
            meant = [code for code in known if _is_meant(part, code, in_figures)]
            code_misread |= all(_bare(part) != _bare(code) for code in meant)
        values = [f"{value}{found}" for value in values for found in meant]
    return [] if serial_misread and code_misread else values


def _kept(figures: re.Match[str]) -> str:
    """Return the figures of a part; a year of three has lost its first, which was a 2."""
    read = figures.groupdict()
    return f"2{read['lost']}" if read.get("lost") else read["kept"] or read["short"] or ""


def _year_alike(part: str) -> str:
    return re.sub("^2[oO]", "20", part)


def _bare(code: str) -> str:
    return code.replace(".", "").upper()


def _serials_meant(part: str) -> list[str]:
    """Return the serial that a part with one sign like a figure can be, or none."""
    serial = part.translate(_AS_ONE_FIGURE)
    misread = sum(not sign.isdecimal() for sign in part)
    return [serial] if re.fullmatch(r"\d{3,9}", serial) and misread == 1 else []


def _is_meant(part: str, code: str, in_figures: int | None) -> bool:
    """Return whether a part is a code but for stray signs and figures like its letters."""
    if _bare(part) == _bare(code):
        return True
    if in_figures and len(code) >= in_figures and _reads_as(part, code):
        return True
    if not code.isalpha() or len(code) < _LEAST:
        return False
    return any(_alike(read, code) for read in (part, re.sub(r"[)(\[\].']", "", part)))


def _reads_as(part: str, code: str) -> bool:
    """Return whether each letter of a code looks like the figure in its place."""
    return len(part) == len(code) and all(
        figure in _AS_FIGURES.get(sign, "") for figure, sign in zip(part, code, strict=True)
    )


def _alike(read: str, code: str) -> bool:
    if len(read) != len(code):
        return False
    kept = sum(one == other for one, other in zip(read.upper(), code.upper(), strict=True))
    alike = read.translate(_ALIKE).upper() == code.translate(_ALIKE).upper()
    return alike and 2 * kept >= len(code)
