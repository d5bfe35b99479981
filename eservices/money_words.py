"""Amounts of money in words: centimes as people write them in the active language."""

from decimal import Decimal
from typing import Final

from django.utils.formats import get_format
from django.utils.numberformat import format as format_number
from django.utils.translation import gettext as _

from eservices.money import CURRENCY, AmountError, centimes, decimal

_LTR, _END = "\u2066", "\u2069"  # a sign keeps its side of the number in Arabic
_MINUS: Final = "\u2212"


def money(amount: int | None) -> str:
    """Return centimes as an amount without currency: 128440 is "1 284,40" in French."""
    if amount is None:
        return ""
    number = format_number(
        decimal(abs(amount)),
        str(get_format("DECIMAL_SEPARATOR")),
        decimal_pos=2,
        grouping=3,
        thousand_sep=str(get_format("THOUSAND_SEPARATOR")),
        force_grouping=True,
        use_l10n=False,
    )
    return f"{_LTR}{_MINUS if amount < 0 else ''}{number}{_END}"


def dirhams(amount: int | None) -> str:
    """Return centimes as an amount with its currency."""
    return "" if amount is None else _("%(amount)s DH") % {"amount": money(amount)}


def typed_form(amount: int) -> str:
    """Return centimes as somebody types them: 128440 is "1284,40" in French."""
    return decimal(amount).replace(".", str(get_format("DECIMAL_SEPARATOR")))


def of_decimal(amount: Decimal) -> int:
    """Return the centimes of an amount that is kept as a decimal number, rounded."""
    return round(amount * 100)


def written_amount(text: str) -> str:
    """Return an amount as the books keep it, with its currency; any other text as it is."""
    try:
        return dirhams(centimes(text))
    except AmountError:
        return text


def price(amount: int | None, currency: str) -> str:
    """Return centimes of a bank's entry with their currency, which may be another than ours."""
    if amount is None or currency == CURRENCY:
        return dirhams(amount)
    return f"{money(amount)} {currency}"
