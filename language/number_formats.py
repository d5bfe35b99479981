"""Formats in which an office's numbers are written, and whether a text holds such a number.

A format is words and signs with parts in braces: ``{serial}/م.ض/{year}``, ``{department}/{serial}/
{year}``, ``AGSB-{serial}/{year}``. Digits may be of any script, letters of any case, spaces may
stand around strokes, the points of initials may be missing, and the parts between strokes may come
in reversed order, or the first of them last, as lines that run from right to left give them back,
or an Arabic one in the middle last, as a line that runs from left to right gives it back
(``45/م.ز/2026`` is drawn as ``45/2026/م.ز``). A number ends with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from language.bidi import strip_bidi_controls
from language.numerals import ascii_digits

PARTS: Final = ("serial", "year", "register", "department", "letters")
LONGEST: Final = 60  # characters of a format
MOST: Final = 200  # formats of one office

_PART: Final = re.compile(r"\{([^{}]*)\}")
Order = Literal["written", "reversed", "first_last", "middle_last"]
_ORDERS: Final[tuple[Order, ...]] = ("written", "reversed", "first_last", "middle_last")
_SPACE: Final = r"[^\S\n]?"
_STROKES: Final = "/\\-–—_|"
_WHOLE_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_ARABIC: Final = re.compile("[\u0621-\u064a]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_PATTERNS: Final = {
    "serial": r"(?P<serial>\d{1,9})",
    "year": r"(?P<year>(?:19|20)\d\d|\d\d)",
    "letters": r"(?P<letters>[^\W\d_]{1,8}(?:\.[^\W\d_]{1,4}){0,4})",
}


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format with the codes that its parts `{register}` and `{department}` may stand for."""

    pattern: str
    registers: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number of the office in a text: as its format writes it, and as it stands there."""

    value: str
    words: str
    start: int
    end: int
    format: NumberFormat

    @property
    def key(self) -> str:
        """What is equal for all ways of writing the same number."""
        return number_key(self.value)


def format_problem(pattern: str) -> str:
    """Return why this is no format: "long", "part", "serial", "twice", "bare", or ""."""
    parts = _PART.findall(pattern)
    rest = _PART.sub("", pattern)
    if len(pattern) > LONGEST:
        return "long"
    if "{" in rest or "}" in rest or any(part not in PARTS for part in parts):
        return "part"
    if "serial" not in parts:
        return "serial"
    if len(set(parts)) != len(parts):
        return "twice"
    telling = {"register", "department"} & set(parts) or any(sign.isalpha() for sign in rest)
    return "" if telling and any(sign in rest for sign in _STROKES) else "bare"


def one_spelling(pattern: str) -> str:
    """Return a format with single spaces, and none around its strokes, where they mean nothing."""
    return re.sub(rf"\s*([{re.escape(_STROKES)}])\s*", r"\1", " ".join(pattern.split()))


def find_numbers(text: str, formats: Sequence[NumberFormat]) -> Iterator[FoundNumber]:
    """Yield numbers in these formats, each stretch of the text once, as written before reordered.

    The text is taken as it is, without direction marks; places are those of that text.
    """
    plain = ascii_digits(strip_bidi_controls(text))
    taken: list[range] = []
    for order in _ORDERS:
        for one in formats:
            compiled = _compiled(one, order)
            for match in compiled.finditer(plain) if compiled else ():
                start, end = match.span()
                if any(start < span.stop and span.start < end for span in taken):
                    continue
                if "/" in match[0] and _mixed(one.pattern, match[0]):
                    continue
                if order == "first_last" and not _may_be_moved(plain, match):
                    continue
                if order == "reversed" and _year_for_serial(match):
                    continue
                if order == "middle_last" and not _begins_latin(plain, match.start()):
                    continue
                taken.append(range(start, end))
                yield FoundNumber(written_as(one, match.groupdict()), match[0], start, end, one)


def _mixed(pattern: str, words: str) -> bool:
    """Return whether hyphens stand for some of the strokes only: AB-118/26 is no AB/118/26."""
    return not re.search(r"[\-–—]", pattern) and bool(re.search(r"[\-–—]", words))


def _may_be_moved(text: str, match: re.Match[str]) -> bool:
    """Return whether the line may have moved the first part of a number to its end.

    In ELEC/25/2026 nothing was moved: that is another body's 25 of 2026, not our 2026 of 25.
    """
    return not _year_for_serial(match) and _runs_leftwards(text, match.start())


def _year_for_serial(match: re.Match[str]) -> bool:
    """Return whether the serial is a whole year, the year two figures: 31/2026/EAU read backwards.

    Its parts stand in another order than any of ours.
    """
    values = match.groupdict()
    serial, year = values.get("serial") or "", values.get("year") or ""
    return len(year) == 2 and _WHOLE_YEAR.fullmatch(serial) is not None


def _runs_leftwards(text: str, place: int) -> bool:
    """Return whether the line around this place has Arabic letters, which move parts of numbers."""
    begin, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    return bool(_ARABIC.search(text, begin, end if end >= 0 else len(text)))


def _begins_latin(text: str, place: int) -> bool:
    """Return whether the line around this place begins with a Latin letter: it runs that way."""
    first = _LETTER.search(text, text.rfind("\n", 0, place) + 1, place)
    return first is not None and not _ARABIC.match(first[0])


def match_number(text: str, formats: Sequence[NumberFormat]) -> FoundNumber | None:
    """Return the number that the whole text is, or None."""
    plain = strip_bidi_controls(text[:200]).strip()
    return next((one for one in find_numbers(plain, formats) if one.words == _ascii(plain)), None)


def number_key(text: str) -> str:
    """Return what is equal for all ways of writing one number: no zeros in front, whole years."""
    plain = _ascii(re.sub(r"\s+", "", text)).upper().replace(".", "")
    parts = re.split(r"[/\\\-–—_|]", plain)
    return "/".join(part.lstrip("0") or part for part in parts)


def _ascii(text: str) -> str:
    return ascii_digits(strip_bidi_controls(text))


def written_as(one: NumberFormat, values: Mapping[str, str | None]) -> str:
    """Return the number as its format writes it, codes as the office has them."""
    codes = {code.upper(): code for code in (*one.registers, *one.departments)}

    def part(match: re.Match[str]) -> str:
        value = values.get(match[1]) or ""
        return codes.get(value.upper(), value)

    return _PART.sub(part, one.pattern)


@lru_cache(maxsize=1024)
def _compiled(one: NumberFormat, order: Order) -> re.Pattern[str] | None:
    """Return the pattern; None where a format has no code, or no other order of its parts."""
    pieces = re.split(rf"\s*([{re.escape(_STROKES)}])\s*", one.pattern)
    if order != "written" and len(pieces) < 5:
        return None
    if order == "reversed":
        pieces.reverse()
    elif order == "first_last":
        pieces = [*pieces[2:], pieces[1], pieces[0]]
    elif order == "middle_last":
        if len(pieces) != 5 or not _ARABIC.search(pieces[2]):
            return None
        pieces = [pieces[0], pieces[1], pieces[4], pieces[3], pieces[2]]
    codes = {"register": one.registers, "department": one.departments}
    if any(f"{{{part}}}" in one.pattern and not known for part, known in codes.items()):
        return None
    written = "".join(
        rf"{_SPACE}[/\\|\-–—]{_SPACE}" if piece in ("/", "\\", "|")
        else rf"{_SPACE}[\-–—_]{_SPACE}" if len(piece) == 1 and piece in _STROKES
        else piece_pattern(piece, codes)
        for piece in pieces
    )  # fmt: skip
    return re.compile(rf"(?<![\w/\\\-]){written}(?![\w/\\\-]|\.[\w]|\s\d\s\d)", re.IGNORECASE)


def piece_pattern(piece: str, codes: Mapping[str, Sequence[str]]) -> str:
    """Return the pattern of what stands between two strokes of a format, its parts as groups."""
    out, place = [], 0
    for match in _PART.finditer(piece):
        out += [_literal(piece[place : match.start()]), _part(match[1], codes)]
        place = match.end()
    return "".join([*out, _literal(piece[place:])])


def _part(name: str, codes: Mapping[str, Sequence[str]]) -> str:
    if name in _PATTERNS:
        return _PATTERNS[name]
    longest_first = sorted(codes.get(name, ()), key=len, reverse=True)
    return f"(?P<{name}>{'|'.join(map(re.escape, longest_first))})"


def _literal(text: str) -> str:
    """Return words as they are; points and spaces between initials may be missing."""
    return "".join(
        _gap(len(piece)) if piece[:1] in (".", " ") else re.escape(piece)
        for piece in re.split(r"([. ]+)", text)
        if piece
    )


def _gap(signs: int) -> str:
    """Return the pattern of so many points and spaces, which may be missing.

    There is one way to match any of them: with a part for each, a blank line of a form would be
    tried in as many ways as points can be left out.
    """
    return rf"(?:{_SPACE}\.){{0,{signs}}}[^\S\n]{{0,{2 * signs}}}"
