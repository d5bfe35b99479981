"""Tags of the administration's pages: who may, help, and the neighbours of a page."""

from typing import Any

from django import template

from web.desk.administration.place import Place
from web.desk.administration.places import PLACES
from web.shared.guard import administers

register = template.Library()


@register.inclusion_tag("web/administration/about.html")
def about_place(key: str) -> dict[str, Any]:
    """Show who may do what on the page, with its help folded beside it."""
    return {"place": PLACES[key]}


@register.inclusion_tag("web/administration/tabs.html", takes_context=True)
def place_tabs(context: Any, key: str) -> dict[str, Any]:
    """Show administrators the way back to the front page and the pages of the same group."""
    permissions = context.get("permissions")
    shown = bool(permissions) and administers(permissions)
    return {"here": key, "places": _neighbours(key), "shown": shown}


def _neighbours(key: str) -> list[Place]:
    """Return the places of the same group."""
    return [place for place in PLACES.values() if place.group == PLACES[key].group]
