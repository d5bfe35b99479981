"""Digits of any script, and registry numbers in any notation."""

import re
import unicodedata
from typing import Final

from language.bidi import strip_bidi_controls


class _DigitTable(dict[int, str | int]):
    """Maps a decimal digit of any script to its ASCII digit; everything else to itself."""

    def __missing__(self, code: int) -> str | int:
        value = unicodedata.decimal(chr(code), None)
        self[code] = code if value is None else str(value)
        return self[code]


LONGEST_TYPED: Final = 40  # characters of a number that somebody types, with its unit

_DIGITS: Final = _DigitTable()

# Spaces, apostrophes and the Arabic sign that group digits.
_GROUPS: Final = re.compile("[\\s'\u2019\u066c]")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+\.|(?:\.\d{3})+,)\d*", re.ASCII)

_MARK: Final = r"(?:(?:n\s?[°ºo.]|no\.?|num[ée]ro|number|ref\.?|réf\.?|رقم|عدد|مرجع)\s*:?\s*)?"
_GAP: Final = r"\s*[/\\\-–—_.:\s]\s*"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_CODE: Final = r"(?P<code>[^\W\d_]{1,8})"
_SERIAL: Final = r"(?P<serial>\d{1,9})"
_ORDERS: Final = tuple(
    re.compile(rf"\s*{_MARK}{first}{_GAP}{second}{_GAP}{third}\s*", re.IGNORECASE)
    for first, second, third in (
        (_YEAR, _CODE, _SERIAL),
        (_CODE, _YEAR, _SERIAL),
        (_CODE, _SERIAL, _YEAR),
        (_SERIAL, _CODE, _YEAR),
    )
)


def ascii_digits(text: str) -> str:
    """Return `text` with every decimal digit (Arabic-Indic, Persian, full width…) as 0-9.

    The length never changes, so offsets stay true.
    """
    return text if text.isascii() else text.translate(_DIGITS)


def ungrouped(text: str) -> str:
    """Return a number that somebody typed in ASCII digits, without what groups them."""
    return _GROUPS.sub("", ascii_digits(strip_bidi_controls(text)))


def plain_decimal(text: str) -> str:
    """Return a number that somebody typed with a point before its decimals, without groups.

    Of two signs the last is that of the decimals, where the other parts thousands: "1.234,50"
    and "1,234.50" are "1234.50", while "1,50.00" keeps both signs and so is no number. Nothing is
    left of what is too long to be one.
    """
    if len(text) > LONGEST_TYPED:
        return ""
    plain = ungrouped(text).replace("\u066b", ",")
    if _THOUSANDS.fullmatch(plain):
        grouping = "." if plain.rindex(",") > plain.rindex(".") else ","
        plain = plain.replace(grouping, "")
    return plain.replace(",", ".")


def registry_number_key(text: str) -> str | None:
    """Return the key of a registry number however it is written, or None when it is none.

    The whole text must be one number: year, register code and serial in any usual order, with
    any separator and any digits, perhaps after "N°" or "رقم". ``٢٠٢٦/IN/٠٠٠١٢٣``,
    ``2026-IN-123`` and ``IN 2026 000123`` all give ``2026/IN/123``: the code in upper case, the
    serial without leading zeros. A serial of only zeros is no number.
    """
    if len(text) > 200:
        return None
    plain = ascii_digits(strip_bidi_controls(text))
    for order in _ORDERS:
        found = order.fullmatch(plain)
        if found:
            serial = found["serial"].lstrip("0")
            return f"{found['year']}/{found['code'].upper()}/{serial}" if serial else None
    return None
