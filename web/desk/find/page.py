"""One box to find a letter: words, a number in any notation, facets and dates to narrow."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from language.numerals import registry_number_key
from org.models import User
from registry.models.letters import Letter
from search.exports.models import Export
from search.saved.models import SavedSearch
from search.saved.searches import saved_searches_of
from search.services import SearchRequest, unknown_names
from web.desk.find.facets import chips_of, facets_of, labels
from web.desk.find.histogram import histogram_of
from web.shared.guard import StaffRequest, page, reads_letters

CURSOR: Final = "from"
ORDER_NAMES: Final = {"relevance": _("Best first"), "newest": _("Newest first")}


@page(reads_letters)
def search(request: StaffRequest) -> HttpResponse:
    """Show the search page; a registry number redirects straight to its letter."""
    asked = SearchRequest.of_values(dict(request.GET.lists()))
    if not asked.narrowed and (letter := _by_number(request.user, asked.words)):
        return redirect("desk:letter", letter.pk)
    cursor = request.GET.get(CURSOR, "")
    found = asked.find(request.user, cursor=cursor, leave_out=True)
    names = labels()
    saved = saved_searches_of(request.user)
    context = {
        "asked": asked,
        "unknown": unknown_names(name for name in request.GET if name != CURSOR),
        "words": asked.words,
        "address": asked.address(),
        "found": found,
        "facets": facets_of(asked, found.facets, names),
        "chips": chips_of(asked, names),
        "without_chips": SearchRequest(words=asked.words).address(),
        "hidden": [(name, v) for name, values in asked.filters.items() for v in values],
        "histogram": histogram_of(asked, found.facets),
        "orders": _orders(asked),
        "next": asked.address(**{CURSOR: found.next_cursor}) if found.next_cursor else "",
        "begun": bool(cursor),
        "corrected": _corrected(asked, found.corrected),
        "read": found.read,
        **_keeping(asked, saved),
    }
    return render(request, "web/search.html", context)


def _by_number(viewer: User, words: str) -> Letter | None:
    """Return the letter of a registry number in any notation; None for other words."""
    key = registry_number_key(words)
    if key is None:
        return None
    rows = Letter.objects.visible_to(viewer).numbered(key)
    letter: Letter | None = rows.first()
    return letter


def _orders(asked: SearchRequest) -> list[tuple[Any, str, bool]]:
    """Return (name, address, whether it is the present one); none without words."""
    if not asked.words:
        return []
    return [
        (name, _changed(asked, order=one), one == asked.order) for one, name in ORDER_NAMES.items()
    ]


def _changed(asked: SearchRequest, **changes: Any) -> str:
    return replace(asked, **changes).address()


def _corrected(asked: SearchRequest, words: str) -> Mapping[str, str] | None:
    """Return the suggested spelling, and its link."""
    return {"words": words, "address": _changed(asked, words=words)} if words else None


def _keeping(asked: SearchRequest, saved: list[SavedSearch]) -> dict[str, Any]:
    """Return what the page needs to save this search, and to export its result."""
    address = asked.address()
    return {
        "pinned": [row for row in saved if row.pinned],
        "kept": next((row for row in saved if row.address == address), None),
        "alerts": SavedSearch.Alert.choices,
        "formats": Export.Format.choices,
        "most_exported": settings.EXPORT_MAX_LETTERS,
    }
