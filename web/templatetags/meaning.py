"""Tags of search by meaning: pages leave it out where the office does not have it."""

from typing import Any
from urllib.parse import urlencode

from django import template

from search.services import meaning_state

register = template.Library()


@register.simple_tag
def finds_by_meaning() -> bool:
    """Return whether search by meaning is available; loads no model."""
    return meaning_state() != "off"


@register.simple_tag
def meaning_query(words: str, hits: Any) -> str:
    """Return the address's query: the words, and the letters that are shown already."""
    shown = [("not", str(hit.letter.pk)) for hit in hits]
    return urlencode([("q", words), *shown])
