"""Our own registry numbers that a letter quotes, in any notation and with scanning errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from language.bidi import strip_bidi_controls
from language.misread_numbers import find_misread_numbers
from language.number_formats import NumberFormat, find_numbers, number_key
from language.numerals import ascii_digits, registry_number_key
from understanding.facts.lines import READ_CHARACTERS
from understanding.facts.subject_dates import Fact

_MISREAD: Final = 0.6  # a number whose code was repaired: never sure
_PADDED_TO: Final = 6  # figures of a serial, as we write it
MOST: Final = 200  # a letter that quotes more is a list


def find_quoted_numbers(
    text: str, *, register_codes: Sequence[str] = ("IN", "OUT", "INT"), lines: str = ""
) -> list[Fact]:
    """Return our own registry numbers that the letter quotes, as keys, each once.

    A key is ``2025/IN/4127``. The surest come first: as we write them, then with scanning errors,
    then by the words before them alone ("n° BO 123/2026", "سجلت تحت رقم 2026/000123"), which are
    taken for incoming letters. `lines` is the text before `unwrapped` joined its lines, "" where
    that is `text` itself: a number that a line's end parts is sure only with a whole serial.
    """
    plain = ascii_digits(strip_bidi_controls(text[:READ_CHARACTERS]))
    as_written = strip_bidi_controls(lines[:READ_CHARACTERS]) or plain
    taken: list[range] = []
    found: list[tuple[float, int, Fact]] = []
    for match, code, score in _candidates(plain, register_codes):
        if any(match.start() in one or match.end() - 1 in one for one in taken):
            continue
        year, serial = (match[part].translate(_AS_DIGITS) for part in ("year", "serial"))
        serial = serial.replace(" ", "")
        key = registry_number_key(f"{year if len(year) == 4 else '20' + year}/{code}/{serial}")
        if key:
            taken.append(range(*match.span()))
            parted = "\n" in as_written[match.start() : match.end()]
            if (parted and len(serial) < _PADDED_TO) or serial == year:
                score = min(score, _MISREAD)  # at a line's edge, or a year read for the serial
            fact = Fact(key, score, ("registry_number",), match[0])
            found.append((-score, match.start(), fact))
        if len(found) == MOST:
            break
    facts: dict[str, Fact] = {}
    for _, _, fact in sorted(found, key=lambda entry: entry[:2]):
        facts.setdefault(fact.value, fact)
    return list(facts.values())


def find_formatted(
    text: str,
    formats: Sequence[NumberFormat],
    *,
    besides: Sequence[Fact],
    references: Sequence[tuple[str, Fact]],
) -> list[Fact]:
    """Return numbers in other formats of the office, as the formats write them, each once.

    A number that the sender calls their own, or that heads their letter, is theirs, whatever it
    looks like: two bodies may number alike. One that heads a letter beside another number of theirs
    is ours, its label lost, and unsure. A number whose code was misread comes last, and unsure too.
    """
    theirs = {number_key(fact.value) for fact in _theirs(references)}
    beside = {number_key(fact.value) for fact in _of_another(references)}
    headed = {
        number_key(fact.value)
        for whose, fact in references
        if whose == "own" and "named_paper" not in fact.reasons
    }
    seen = {number_key(fact.value) for fact in besides} | theirs
    found: list[Fact] = []
    for score, find in ((0.9, find_numbers), (_MISREAD, find_misread_numbers)):
        for one in find(text[:READ_CHARACTERS], formats):
            moved = number_key(one.words) != one.key and number_key(one.words) in headed
            if one.key not in seen and not moved and len(found) < MOST:
                seen.add(one.key)
                likely = min(score, _MISREAD) if one.key in beside else score
                found.append(Fact(one.value, likely, ("number_format",), one.words))
    return found


def _theirs(references: Sequence[tuple[str, Fact]]) -> list[Fact]:
    """Return numbers that the sender calls their own, else the one that heads their letter best."""
    own = [fact for whose, fact in references if whose == "own"]
    if labelled := [fact for fact in own if "own_label" in fact.reasons]:
        return labelled
    headed = [fact for fact in own if "head_number" in fact.reasons]
    best = max((fact.score for fact in headed), default=0.0)
    return [fact for fact in headed if fact.score == best]


def _of_another(references: Sequence[tuple[str, Fact]]) -> list[Fact]:
    """Return numbers that head the letter as its own would, which has another one."""
    theirs = _theirs(references)
    return [
        fact
        for whose, fact in references
        if whose == "own" and "head_number" in fact.reasons and fact not in theirs
    ]


def _candidates(
    plain: str, register_codes: Sequence[str]
) -> Iterator[tuple[re.Match[str], str, float]]:
    for pattern, code in _patterns(tuple(register_codes)):
        for match in pattern.finditer(plain):
            written = match["code"]
            if written.isdigit() and len(match["serial"]) < 3:
                continue  # a date, or somebody's file
            clean = written == code and match["serial"].isdigit()
            likely = written.upper() == code or not written.isdigit() or len(written) == len(code)
            yield match, code, 0.95 if clean else 0.8 if likely else 0.6
    for code in register_codes:
        for order in _CLOSE:
            for match in _strict(order, code).finditer(plain):
                yield match, code, 0.8
    if "IN" in register_codes:
        for pattern, score in ((_ONE_STROKE, _MISREAD), (_SAID, 0.75), (_PADDED, 0.55)):
            for match in pattern.finditer(plain):
                yield match, "IN", score


@cache
def _strict(order: str, code: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/\-]){order.replace('CODE', re.escape(code))}(?![\w/\-])")


@cache
def _patterns(codes: tuple[str, ...]) -> list[tuple[re.Pattern[str], str]]:
    """Return every order of the parts for every code, our own way of writing first."""
    return [
        (
            re.compile(
                rf"(?<![\w/\-]){order.replace('CODE', f'(?P<code>{_as_scanned(code)})')}(?![\w/\-])"
            ),
            code,
        )
        for order in _ORDERS
        for code in codes
    ]


_PART: Final = r"(?:\s?[/\\\-–_.|:]\s?|\s(?:n\s?[°ºo]\s?)?)"
_YEAR: Final = r"(?P<year>(?:19|2[0oO])[\doO]{2})"
_SERIAL: Final = r"(?P<serial>(?:\d ){3,8}\d|[\doO]{1,9})"
_ORDERS: Final = (
    f"{_YEAR}{_PART}CODE{_PART}{_SERIAL}",
    f"CODE{_PART}{_YEAR}{_PART}{_SERIAL}",
    f"CODE{_PART}{_SERIAL}{_PART}{_YEAR}",
    f"{_SERIAL}{_PART}CODE{_PART}{_YEAR}",
)
_SAID: Final = re.compile(
    r"(?:\b[nN]\s?[°ºo]\s?(?:de |du )?(?:B\.?O\.?|d'ordre|bureau d'ordre)|\bB\.?O\.?\s?[nN]\s?[°ºo]"
    r"|[Bb]ureau d'ordre\D{0,25}?[nN]\s?[°ºo]|مكتب الضبط\D{0,25}?(?:رقم|عدد)|رقم مكتب الضبط)"
    r"\s?[:.]?\s?(?:(?P<serial>\d{1,6})\s?[/\-]\s?(?P<year>20\d\d))(?![\w/\-])"
)
# The code lost: a year and a serial in our six figures, behind words of being registered.
_PADDED: Final = re.compile(
    r"(?:سجل|سجلت|المسجله?|المسجلة|مسجلة|enregistr\S{1,5}|inscrite?|registered)\D{0,40}?"
    r"(?P<year>20\d\d)\s?[/\-]\s?(?P<serial>0\d{5})(?!\d)"
)
# Of the code one stroke is left, amid Arabic lines: only before our six figures.
_ONE_STROKE: Final = re.compile(
    r"(?<![\w/\-])(?P<year>20\d\d)\s?/\s?[1lI|]\s?/\s?(?P<serial>0\d{5})(?![\w/\-])"
)
# Run together, or with the year in two figures: only where nothing else is in doubt.
_CLOSE: Final = (
    r"(?P<year>20\d\d)CODE(?P<serial>\d{3,6})",
    r"CODE(?P<year>20\d\d)(?P<serial>\d{6})",
    r"(?P<year>2\d)[/\-.]CODE[/\-.](?P<serial>\d{3,6})",
    r"CODE[/\-.](?P<year>2\d)[/\-.](?P<serial>\d{3,6})",
    r"(?P<serial>\d{3,6})[/\-.]CODE[/\-.](?P<year>2\d)",
)
_AS_DIGITS: Final = str.maketrans("oO", "00")
_IN_FIGURES: Final = {  # a Latin code amid Arabic lines comes back as figures
    "INT": "|11[01]7|1107|1N7|lN7",
    "IN": "|110|1lN|ln|in|In|1n",
    "OUT": "|0[01I7l]{1,2}[17TIl]|out|Out|0UI|OUI|0ut",
}


def _as_scanned(code: str) -> str:
    """Return a pattern of a register's code as scans read it: 1N or 111 for IN, 0171 for OUT."""
    alike = {"I": "[I1l|]", "N": "(?:N|11)", "O": "[O0]", "U": "[UuV]"}
    letters = "".join(alike.get(sign) or re.escape(sign) for sign in code)
    return f"{letters}{_IN_FIGURES.get(code, '')}"
