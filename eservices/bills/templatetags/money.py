"""Amounts of money in templates: centimes as people write them in the page's language."""

from django import template

from eservices import money_words
from language.bidi import isolate

register = template.Library()
money = register.filter(money_words.money)
dirhams = register.filter(money_words.dirhams)
price = register.filter(money_words.price)


@register.filter
def isolated(text: str) -> str:
    """Return text of others between isolates: papers know no direction of a `bdi` element."""
    return isolate(text) if text else ""
