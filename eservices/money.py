"""Amounts of money: integer centimes with a currency, decimal text at the borders."""

import re
from typing import Final

from language.numerals import ascii_digits

CURRENCY: Final = "MAD"
MOST: Final = 99_999_999_999_99  # centimes
_AMOUNT: Final = re.compile(r"(-?)(\d{1,11})(?:\.(\d{1,2}))?")
_SPACES: Final = dict.fromkeys(map(ord, " \u00a0\u202f"))


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


def decimal(amount: int) -> str:
    """Return centimes as a decimal text: 12840 is "128.40"."""
    sign, rest = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{rest // 100}.{rest % 100:02d}"
