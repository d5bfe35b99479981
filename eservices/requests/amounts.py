"""The lines of a quotation, and what they add up to: decimals, rounded half up, tax by rate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

from language.lines import one_line
from language.numerals import plain_decimal

CENT: Final = Decimal("0.01")
MOST_LINES: Final = 60
MOST_QUANTITY: Final = Decimal(1_000_000)
MOST_PRICE: Final = Decimal(10_000_000)
MOST_TOTAL: Final = Decimal(999_999_999)
RATES: Final = tuple(map(Decimal, ("20", "14", "10", "7", "0")))


class AmountError(Exception):
    """A quotation that cannot be: the words say why."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is quoted: how many of which unit at which price without tax; `rate` in percent."""

    what: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal

    @property
    def net(self) -> Decimal:
        """The amount without tax."""
        return cents(self.quantity * self.price)

    def kept(self) -> dict[str, str]:
        """Return the line as the database keeps it."""
        return {
            "what": self.what,
            "quantity": str(self.quantity),
            "unit": self.unit,
            "price": str(self.price),
            "rate": str(self.rate),
        }


@dataclass(frozen=True, slots=True)
class Sum:
    """What the lines add up to."""

    net: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """The amount with tax."""
        return self.net + self.tax


def cents(amount: Decimal) -> Decimal:
    """Return an amount rounded to the cent, halves up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def lines_from(rows: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Return typed rows as lines; empty rows are left out. Raise AmountError in words."""
    lines = []
    for number, row in enumerate(rows, start=1):
        if any(str(row.get(name) or "").strip() for name in ("what", "quantity", "price")):
            lines.append(_line(row, number))
    if not lines:
        raise AmountError(_("Write at least one line."))
    if len(lines) > MOST_LINES:
        raise AmountError(_("A quotation has 60 lines at most."))
    return lines


def kept_lines(rows: Iterable[Mapping[str, str]]) -> list[Line]:
    """Return lines as they were kept."""
    return [
        Line(
            row["what"],
            Decimal(row["quantity"]),
            row["unit"],
            Decimal(row["price"]),
            Decimal(row.get("rate", "0")),
        )
        for row in rows
    ]


def summed(lines: Iterable[Line]) -> Sum:
    """Return the sum; the tax is rounded once for each rate. Raise AmountError where it is wild."""
    by_rate: dict[Decimal, Decimal] = {}
    for line in lines:
        by_rate[line.rate] = by_rate.get(line.rate, Decimal(0)) + line.net
    net = sum(by_rate.values(), Decimal(0))
    tax = sum((cents(part * rate / 100) for rate, part in by_rate.items()), Decimal(0))
    if net + tax > MOST_TOTAL:
        raise AmountError(_("The total is too large."))
    return Sum(cents(net), cents(tax))


def _line(row: Mapping[str, Any], number: int) -> Line:
    what = one_line(str(row.get("what") or ""), 200)
    if not what:
        raise AmountError(_("Line %(number)d: say what it is.") % {"number": number})
    rate = _decimal(row.get("rate") or "20", number, most=Decimal(100), places=2)
    if rate not in RATES:
        raise AmountError(_("Line %(number)d: this is no rate of tax.") % {"number": number})
    quantity = _decimal(row.get("quantity"), number, most=MOST_QUANTITY, places=3)
    if not quantity:
        raise AmountError(_("Line %(number)d: give the quantity.") % {"number": number})
    price = _decimal(row.get("price"), number, most=MOST_PRICE, places=2)
    return Line(what, quantity, one_line(str(row.get("unit") or ""), 20), price, rate)


def _decimal(given: Any, number: int, *, most: Decimal, places: int) -> Decimal:
    """Return a number as it is typed. Raise AmountError for what is none that can stand here."""
    text = str(given if given is not None else "")
    try:
        value = Decimal(plain_decimal(text))
    except InvalidOperation:
        value = Decimal("NaN")
    fine = value.is_finite() and 0 <= value <= most and "e" not in text.lower()
    if not fine or value != value.quantize(Decimal(1).scaleb(-places)):
        words = _("Line %(number)d: “%(text)s” is no number that can stand here.")
        raise AmountError(words % {"number": number, "text": text[:20]})
    return value
