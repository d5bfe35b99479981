"""Contacts while typing a sender or an addressee: a small answer in JSON, for contacts.js."""

from typing import Any

from django.http import HttpResponseBase, JsonResponse

from registry.contacts.suggesting import Suggested, suggest_contacts
from web.desk.find.suggest import asks_too_often, slower
from web.shared.guard import StaffRequest, page

LONGEST = 200  # characters that are looked at


@page()
def suggestions(request: StaffRequest) -> HttpResponseBase:
    """Return at most six contacts, each with what fills in the form."""
    if asks_too_often(request.user.pk):
        return slower({"contacts": []})
    words = request.GET.get("q", "")[:LONGEST]
    found = suggest_contacts(words, viewer=request.user)
    return JsonResponse({"contacts": [_shown(one) for one in found]})


def _shown(one: Suggested) -> dict[str, Any]:
    points = one.points
    told = [points[kind] for kind in ("email", "phone", "address") if kind in points]
    return {
        "name": one.contact.name,
        "kind": one.contact.kind,
        "called": one.contact.get_kind_display(),
        "note": " · ".join(told[:2]),
        "fields": {kind: points.get(kind, "") for kind in ("email", "phone", "address")},
    }
