"""General template tags: icons, dates, names isolated from the text's direction."""

import secrets
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from identity.models import Area
from language.bidi import isolate
from web.context import LANGUAGES
from web.icons import DIRECTED, ICONS
from web.shared import once
from web.shared.asking import field_of
from web.shared.quantities import quantity
from web.shared.repeated import hijri_day, letter_address, written_day

register = template.Library()
register.filter(quantity)
register.filter(letter_address)


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


@register.simple_tag
def asks(words: str, button: str = "", value: str = "") -> SafeString:
    """Return the field with what is asked before a form is sent, or before one of its buttons."""
    return format_html('<input type="hidden" name="{}" value="{}">', field_of(button, value), words)


@register.simple_tag
def sent_once() -> SafeString:
    """Return the key of a form that makes a row, so that sent twice it makes one."""
    key = secrets.token_urlsafe(16)
    return format_html('<input type="hidden" name="{}" value="{}">', once.FIELD, key)


@register.filter
def described(field: BoundField, has_help: object) -> SafeString:
    """Return a field that names its help and its errors to whoever does not see them.

    They stand beside it with the ids `…_help` and `…_error`.
    """
    names = [name for name, there in (("help", has_help), ("error", field.errors)) if there]
    ids = " ".join(f"{field.auto_id}_{name}" for name in names)
    return field.as_widget(attrs={"aria-describedby": ids} if ids else None)


@register.filter(expects_localtime=True)
def hijri(day: date | None) -> str:
    """Return the Hijri date of a day, "" for none."""
    return hijri_day(_plain_day(day)) if day else ""


@register.filter(expects_localtime=True)
def day(value: date | None, form: str) -> str:
    """Return a day as `date` does, for forms without a time: days of lists repeat."""
    return written_day(_plain_day(value), form) if value else ""


def _plain_day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


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
def language_name(code: str) -> SafeString:
    """Return a letter's language by its own name, marked as such; another code as it is."""
    name = next((name for one, name, _short in LANGUAGES if one == code), "")
    return format_html('<bdi lang="{}">{}</bdi>', code, name) if name else format_html("{}", code)
