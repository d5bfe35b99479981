"""General template tags: icons, dates, names isolated from the text's direction."""

from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.utils.dateparse import parse_datetime
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.numberformat import format as format_number
from django.utils.safestring import SafeString, mark_safe

from identity.models import Area
from language.bidi import isolate
from web.hijri import hijri_words
from web.icons import DIRECTED, ICONS

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """Return an icon of web.icons, for the eye only. Raise KeyError for an unknown name."""
    directed = " directed" if name in DIRECTED else ""
    return format_html(
        '<svg class="icon{} {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        directed,
        extra,
        mark_safe(ICONS[name]),  # noqa: S308 - our own drawing
    )


@register.filter
def hijri(day: date | None) -> str:
    """Return the Hijri date of a day, "" for none."""
    return hijri_words(day) if day else ""


@register.filter
def moment(iso: str) -> datetime | None:
    """Return the moment that a proof names in ISO; None for an invalid one."""
    return parse_datetime(iso)


@register.filter
def own(text: Any) -> str:
    """Return user text between isolates: its direction cannot leak to its neighbours."""
    return isolate(str(text)) if text else ""


@register.filter
def area_words(area: str) -> str:
    """Return an area of the API by its name."""
    return str(Area(area).label) if area in Area.values else area


@register.filter
def quantity(value: Any) -> str:
    """Return a whole number with its thousands apart, as the page's language does.

    Other values stay as they are: years and numbers of letters are no quantities.
    """
    text = str(value)
    if not text.isascii() or not text.isdecimal():
        return text
    return format_number(
        text,
        get_format("DECIMAL_SEPARATOR"),
        grouping=3,
        thousand_sep=get_format("THOUSAND_SEPARATOR"),
        force_grouping=True,
    )
