"""Whether this office finds by meaning: pages say nothing of it where it does not."""

from typing import Any
from urllib.parse import urlencode

from django import template

from search.services import meaning_state

register = template.Library()


@register.simple_tag
def finds_by_meaning() -> bool:
    """Whether there is something to ask; loads no model."""
    return meaning_state() != "off"


@register.simple_tag
def meaning_query(words: str, hits: Any) -> str:
    """The address's question: the words, and the letters that are shown already."""
    shown = [("not", str(hit.letter.pk)) for hit in hits]
    return urlencode([("q", words), *shown])
