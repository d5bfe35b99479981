"""Sums of money that a letter names: MAD, DH, درهم, €, in French, English and Arabic figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from understanding.facts.lines import whole

_FIGURE: Final = r"\d{1,3}(?:[ .,'\u00a0\u202f٬]\d{3})+(?:[.,٫]\d{1,2})?|\d+(?:[.,٫]\d{1,2})?"
_DIRHAM: Final = (
    r"(?:mad|dhs?|dirhams?|درهما?|دراهم|د\.?\s?م\.?|دهم)(?![^\W_])(?: (?:ttc|ht|مغربي))?"
)
_EURO: Final = r"(?:€|euros?(?![^\W_])|eur(?![^\W_])|(?:ا|ي)?ورو(?![^\W_]))"
_DOLLAR: Final = r"(?:\$|usd(?![^\W_])|dollars?(?![^\W_])|دولار(?![^\W_]))"
_AFTER: Final = re.compile(
    rf"(?<![\d/.,\-])(?P<figure>{_FIGURE})\s?(?:(?P<MAD>{_DIRHAM})|(?P<EUR>{_EURO})"
    rf"|(?P<USD>{_DOLLAR}))"
)
_BEFORE: Final = re.compile(
    rf"(?:(?<![^\W_])(?P<MAD>mad|dhs?)|(?P<EUR>€|(?<![^\W_])eur)|(?P<USD>\$|(?<![^\W_])usd))\s?"
    rf"(?P<figure>{_FIGURE})(?![\d/])"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum with its currency (ISO 4217), and the piece of the letter that writes it."""

    value: Decimal
    currency: str
    words: str


def find_amounts(text: str) -> list[Amount]:
    """Return every sum of money with its currency beside it, in order, each value once."""
    line = whole(text)
    found: dict[tuple[Decimal, str], tuple[int, Amount]] = {}
    taken: list[range] = []
    for pattern in (_AFTER, _BEFORE):
        for match in pattern.finditer(line.folded):
            if any(match.start() in one or match.end() - 1 in one for one in taken):
                continue
            value = number_of(match["figure"])
            currency = next(name for name in ("MAD", "EUR", "USD") if match[name])
            if value is not None and value > 0:
                taken.append(range(*match.span()))
                amount = Amount(value, currency, line.written(*match.span()))
                found.setdefault((value, currency), (match.start(), amount))
    return [amount for _, amount in sorted(found.values(), key=lambda entry: entry[0])]


def number_of(figure: str) -> Decimal | None:
    """Return the value of a figure with groups of three and one or two decimal places.

    ``1 234,50``, ``1.234,50``, ``1,234.50`` and ``1234.5``; a single group of three after a point
    or comma counts as thousands, as sums of money are written.
    """
    plain = re.sub(r"[\s'٬]", "", figure).replace("٫", ".")
    parts = re.split(r"[.,]", plain)
    decimals = parts.pop() if len(parts) > 1 and len(parts[-1]) != 3 else ""
    try:
        return Decimal("".join(parts) + (f".{decimals}" if decimals else ""))
    except InvalidOperation:
        return None
