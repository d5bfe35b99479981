"""Contact details in one spelling each for comparison: e-mail, phone, numbers and addresses.

Pure; what cannot be one gives an empty text. For comparing, never for showing.
"""

import re
from typing import Final

from language.fold import fold
from language.numerals import ascii_digits

_EMAIL: Final = re.compile(r"[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[^\s@<>(),;:]{2,}")
_BETWEEN_PHONES: Final = re.compile(r"[/;,،؛]|\s(?:et|ou|and|و|أو)\s")
_HYPHEN: Final = re.compile(r"[-–—]")
_LAST_OF_RANGE: Final = re.compile(r"\s*\d{1,3}\s*")
_WORDS: Final = re.compile(r"[^\W\d_]")
_DIGITS: Final = 10  # of a Moroccan number, the zero before it included
_POST_CODE: Final = re.compile(r"\b\d{4,6}\b")
_NOT_IN_TOWN: Final = re.compile(r"[\d]|\b(?:maroc|morocco|المغرب|b\.?p|ص\.?ب|cedex)\b")
MOST: Final = 200  # characters of a spelling


def email_key(text: str) -> str:
    """Return the address in lower case, without what stands around it."""
    found = _EMAIL.search(text.strip().lower())
    return found.group().strip(".'\"")[:MOST] if found else ""


def phone_key(text: str) -> str:
    """Return one number in one spelling.

    Moroccan ones as 0XXXXXXXXX however they are written (+212, 00212, 212, (0), Arabic digits),
    others as +CCXXXX or their bare digits. Of a range, "0523341212/13", the first.
    """
    return _first_of_range(text) or _one_phone_key(text)


def _first_of_range(text: str) -> str:
    for between in (_BETWEEN_PHONES, _HYPHEN):
        first, *others = between.split(text)
        key = _one_phone_key(first) if others else ""
        if _is_moroccan(key) and all(map(_LAST_OF_RANGE.fullmatch, others)):
            return key
    return ""


def _is_moroccan(key: str) -> bool:
    return key.startswith("0") and len(key) == _DIGITS


def _one_phone_key(text: str) -> str:
    plain = ascii_digits(text)
    digits = re.sub(r"\D", "", plain)
    international = plain.strip().startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00") if digits.startswith("00") else digits
    if digits.startswith("212") and len(digits) >= 12:
        national = digits[3:].lstrip("0")
        return f"0{national}" if len(national) == 9 else ""
    if len(digits) == 9 and digits[0] in "5678":
        return f"0{digits}"
    if not 6 <= len(digits) <= 15:
        return ""
    return f"+{digits}" if international else digits


def is_miscounted(text: str) -> bool:
    """Return whether one of a line's telephone numbers is Moroccan, with too few or many digits.

    A message sent to it would be lost without an error. A line with other words is none.
    """
    if _WORDS.search(text):
        return False
    key = phone_key(text)
    return any(map(_is_miscounted, (key,) if key else phone_keys(text)))


def _is_miscounted(key: str) -> bool:
    meant = key.lstrip("+").startswith(("212", "0"))
    return meant and not _is_moroccan(key)


def phone_keys(text: str) -> tuple[str, ...]:
    """Return every number of a line that may hold several."""
    found = [phone_key(part) for part in _BETWEEN_PHONES.split(text)]
    return tuple(dict.fromkeys(key for key in found if key))


def number_key(text: str) -> str:
    """Return a customer, contract or police number: letters and digits alone, no leading zeros."""
    bare = "".join(sign for sign in fold(text) if sign.isalnum()).lstrip("0")
    return bare[:MOST].upper() if any(sign.isdigit() for sign in bare) else ""


def address_key(text: str) -> str:
    """Return the words of a postal address, folded."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))[:MOST]


def town_of(address: str) -> str:
    """Return the town that an address ends in, as written; "" where it cannot be determined."""
    parts = [part.strip() for part in re.split(r"[,،;\n–—]|\s-\s", address) if part.strip()]
    for part in reversed(parts[1:]):
        town = _POST_CODE.sub("", ascii_digits(part)).strip(" .-")
        if town and not _NOT_IN_TOWN.search(fold(town)) and len(town.split()) <= 4:
            return town[:80]
    found = _POST_CODE.search(ascii_digits(address))
    behind = address[found.end() :].strip(" .,-") if found else ""
    return behind[:80] if behind and len(behind.split()) <= 4 else ""
