"""Numbers written in groups: telephones, contracts and sums have one key however grouped.

06.61.47.82.19, +212 661-478219 and 0661478219 are one; so are 3 276,45 and 3276.45, 88 451 207 and
88451207. Digits are counted in any script; the key has ASCII ones, without leading zeros.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from language.numerals import ascii_digits

_SIGN: Final = r"[ \u00a0\u202f.,\-\u2010\u2011\u066b\u066c]"
# Groups of digits, one sign between two of them, brackets around one: +212 (0)5 37-71-22-33.
_RUN: Final = re.compile(
    rf"(?<![^\W_])\+?\(?\d+(?:(?=\D)\)?{_SIGN}?\(?\d+){{0,15}}(?![^\W_]|[/\\_.\-][^\W_])"
)
# A sum with its thousands apart; what stands behind the last sign may be hundredths.
_SUM: Final = re.compile(
    r"(?<!\d)(\d{1,3}(?:[ \u00a0\u202f.,\u066c]\d{3})+)((?:[.,\u066b]\d{1,2})?)(?!\d)"
)
_IBAN: Final = re.compile(r"(?<![^\W_])([A-Z]{2}\d{2}(?:[ \u00a0]\d{2,4}){4,9})(?![^\W_])")
_LEAST: Final = 5  # digits: fewer, cut in two, are two numbers
_MOST: Final = 34  # digits of the longest bank account number
_PHONE: Final = 9  # digits of a telephone number of Morocco without its first zero
_COUNTRY: Final = "212"


class WrittenNumber(NamedTuple):
    """A number as it stands in a text: where, its keys, and of how many groups it is."""

    start: int
    end: int
    keys: tuple[str, ...]
    groups: int


def number_at(text: str, place: int) -> WrittenNumber | None:
    """Return the number that begins at this place of the text; None without one or its key."""
    match = _RUN.match(ascii_digits(text), place)
    return _written(match) if match else None


def written_numbers(text: str) -> Iterator[WrittenNumber]:
    """Yield the numbers of a text that are in groups, or telephone numbers with their country."""
    for match in _RUN.finditer(ascii_digits(text)):
        written = _written(match)
        if written and (written.groups > 1 or written.keys[0] != _bare(match[0])):
            yield written


def account_numbers(text: str) -> Iterator[str]:
    """Yield bank account numbers (IBAN) of a text written in groups, each in one word."""
    for match in _IBAN.finditer(ascii_digits(text)):
        yield re.sub(r"\s", "", match[1])


def phone_or_number(digits: str) -> str:
    """Return the key of plain digits, without leading zeros.

    A Moroccan telephone number also loses its country code.
    """
    bare = digits.lstrip("0")
    national = bare.removeprefix(_COUNTRY).lstrip("0") if bare.startswith(_COUNTRY) else ""
    return national if len(national) == _PHONE and national[0] in "5678" else bare or "0"


def _written(match: re.Match[str]) -> WrittenNumber | None:
    groups = len(re.findall(r"\d+", match[0]))
    keys = dict.fromkeys(_keys(match[0]))
    return WrittenNumber(match.start(), match.end(), tuple(keys), groups) if keys else None


def _keys(run: str) -> Iterator[str]:
    digits = re.sub(r"\D", "", run)
    if _LEAST <= len(digits) <= _MOST:
        yield phone_or_number(digits)
    for found in _SUM.finditer(run):
        yield _bare(found[1] + found[2])
        yield _bare(found[1])


def _bare(text: str) -> str:
    return re.sub(r"\D", "", text).lstrip("0") or "0"
