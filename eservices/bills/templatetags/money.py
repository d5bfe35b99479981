"""Amounts of money in templates: centimes as people write them in the page's language."""

from decimal import Decimal

from django import template

from eservices import money_words
from eservices.bills.bill_state import state_words
from language.bidi import isolate

register = template.Library()
money = register.filter(money_words.money)
dirhams = register.filter(money_words.dirhams)
price = register.filter(money_words.price)
stands = register.filter("stands", state_words)


@register.filter
def decimal_money(amount: Decimal) -> str:
    """Return a decimal amount without its currency."""
    return money_words.money(money_words.of_decimal(amount))


@register.filter
def decimal_price(amount: Decimal, currency: str) -> str:
    """Return a decimal amount with its currency."""
    return money_words.price(money_words.of_decimal(amount), currency)


@register.filter
def isolated(text: str) -> str:
    """Return text of others between isolates: papers know no direction of a `bdi` element."""
    return isolate(text) if text else ""
