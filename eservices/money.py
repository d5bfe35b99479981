"""Amounts of money: integer centimes with a currency, decimal text at the borders."""

import re
from typing import Final

from language.bidi import strip_bidi_controls
from language.numerals import LONGEST_TYPED, ascii_digits, plain_decimal

CURRENCY: Final = "MAD"
MOST: Final = 99_999_999_999_99  # centimes
_AMOUNT: Final = re.compile(r"(-?)(\d{1,11})(?:\.(\d{1,2}))?")
_SPACES: Final = dict.fromkeys(map(ord, " \u00a0\u202f"))
_CURRENCY: Final = re.compile(
    r"(?:mad|dhs?|dirhams?|درهم\u064b?ا?\u064b?|دراهم|د\.\s?م\.?)\.?$", re.IGNORECASE
)


class AmountError(ValueError):
    """A text that is no amount of money."""


def centimes(text: str) -> int:
    """Return an amount written as a decimal ("128.40", "128,4", digits of any script) in centimes.

    Raise AmountError for anything else, also for more than two decimals.
    """
    plain = ascii_digits(text).strip().translate(_SPACES).replace("\u066b", ".").replace(",", ".")
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise AmountError(text)
    sign, whole, part = found.groups()
    value = int(whole) * 100 + int((part or "").ljust(2, "0"))
    return -value if sign else value


def typed_centimes(text: str) -> int:
    """Return an amount as somebody types it in centimes: "1 234,50 DH" is 123450.

    Raise AmountError for what is none.
    """
    return centimes(plain_decimal(without_currency(text)))


def without_currency(text: str) -> str:
    """Return what somebody typed as an amount without the word for dirhams behind it.

    What is too long to be an amount keeps it.
    """
    plain = strip_bidi_controls(text).strip()
    return plain if len(plain) > LONGEST_TYPED else _CURRENCY.sub("", plain)


def decimal(amount: int) -> str:
    """Return centimes as a decimal text: 12840 is "128.40"."""
    sign, rest = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{rest // 100}.{rest % 100:02d}"
