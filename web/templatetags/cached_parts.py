"""Parts of nearly every page that depend on little: rendered once for them, then cached."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from django import template
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from org.people import Permissions
from web.desk.find.facets import Choice
from web.menu import Menu, Place
from web.shared.quantities import quantity
from web.templatetags.sijill import icon

register = template.Library()

_CHOICE: Final = '<li><a href="?{}"{}><span class="tick">{}</span><bdi>{}</bdi>{}</a></li>'
_CHOSEN: Final = SafeString(' class="chosen" aria-current="true"')


@register.simple_tag
def menu_places(menu: Menu) -> SafeString:
    """Return the menu of every page."""
    return _menu_places(get_language(), tuple(menu.places), tuple(menu.first))


@lru_cache(maxsize=256)
def _menu_places(_language: str, places: tuple[Place, ...], first: tuple[Place, ...]) -> SafeString:
    return _part("web/parts/places.html", menu=Menu(list(places), list(first)))


@register.simple_tag
def keys_card(menu: Menu, page_keys: Any) -> SafeString:
    """Return the card of the keys: those of the page, of the menu's places, and of every page."""
    own = tuple((tuple(keys), str(words)) for keys, words in page_keys or ())
    places = tuple((place.keys, place.label) for place in menu.places if place.keys)
    return _keys_card(get_language(), own, places)


@lru_cache(maxsize=256)
def _keys_card(
    _language: str,
    own: tuple[tuple[tuple[str, ...], str], ...],
    places: tuple[tuple[str, str], ...],
) -> SafeString:
    return _part("web/parts/keys.html", page_keys=own, places=places)


@register.simple_tag
def palette(permissions: Permissions | None) -> SafeString:
    """Return the palette; it searches letters only where the person may read some."""
    finds = permissions is not None and (permissions.reads_all or bool(permissions.departments))
    return _palette(get_language(), finds)


@lru_cache(maxsize=16)
def _palette(_language: str, finds_letters: bool) -> SafeString:
    return _part("web/parts/palette.html", finds_letters=finds_letters)


def _part(name: str, **context: Any) -> SafeString:
    return mark_safe(get_template(name).render(context))  # noqa: S308 - a template escaped it


@register.simple_tag
def search_choices(choices: Iterable[Choice]) -> SafeString:
    """Return the values of a facet; a page of search has some sixty, so without a template."""
    return format_html_join("\n", _CHOICE, (_choice(one) for one in choices))


def _choice(one: Choice) -> tuple[Any, ...]:
    count: Any = ""
    if one.count is not None:
        count = format_html('<span class="count">{}</span>', quantity(one.count))
    chosen, tick = (_CHOSEN, icon("check")) if one.chosen else ("", "")
    return one.address, chosen, tick, one.label, count
