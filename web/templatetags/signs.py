"""The tag `colon` of every template: what stands between a name and its value."""

from django import template

from org import signs

register = template.Library()


@register.simple_tag
def colon() -> str:
    """Return the colon after a word, as the active language writes it."""
    return signs.colon()
