"""Pages of the single window: the home page, lists and searches, and the page of a service."""

from collections.abc import Sequence
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eservices.catalogue.finding import find_among
from eservices.catalogue.publishing import Published, published, published_types
from org.announcements import live_announcements
from web.portal.services.cards import (
    AUDIENCES,
    NEEDS,
    Card,
    by_audience,
    by_need,
    cards_of,
    page_language,
    popular,
)
from web.portal.services.facts import facts_of
from web.portal.services.places import Place, places_for

MOST_FOUND: Final = 10
_SUGGESTED: Final = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the catalogue: search, notices, dangers, the most requested services, all by need."""
    types = published_types()
    cards = cards_of(types)
    context = {
        "announcements": live_announcements(),
        "dangers": [card for card in cards if card.dangerous],
        "popular": popular(types, [card for card in cards if not card.dangerous]),
        "needs": by_need(cards),
        "audiences": by_audience(cards),
    }
    return render(request, "portal/services/home.html", context)


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Show what answers a search, or the services of a need or for an audience, or all."""
    asked = _plain(request.GET.get("q", ""))
    types = published_types()
    cards = cards_of(types)
    context: dict[str, Any] = {"asked": asked, "searched": bool(asked)}
    if asked:
        context["found"] = _found(types, cards, asked, most=MOST_FOUND)
        context["places"] = list(places_for(asked))
    else:
        context |= _chosen(cards, request.GET.get("need", ""), request.GET.get("audience", ""))
    context |= {"needs": by_need(cards), "audiences": by_audience(cards)}
    return render(request, "portal/services/services.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Return the pages and services that answer what is typed so far."""
    types = published_types()
    asked = _plain(request.GET.get("q", ""))
    found = _found(types, cards_of(types), asked, most=_SUGGESTED)
    answers: list[Place | Card] = [*places_for(asked), *found]
    rows = [
        {"text": str(one.title), "note": str(one.summary), "url": one.address} for one in answers
    ]
    return JsonResponse({"suggestions": rows[:_SUGGESTED]})


@require_safe
def service(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a service is, requires, costs and how long it takes, before the start."""
    found = published(code)
    if found is None:
        raise Http404
    return render(request, "portal/services/service.html", facts_of(found, page_language()))


def _plain(text: str) -> str:
    return " ".join(text.replace("\0", "").split())[:200]


def _found(
    types: Sequence[Published], cards: Sequence[Card], asked: str, *, most: int
) -> list[Card]:
    known = {card.code: card for card in cards}
    rows = find_among(types, asked, language=page_language(), limit=most)
    return [known[row.code] for row in rows]


def _chosen(cards: Sequence[Card], need: str, audience: str) -> dict[str, Any]:
    """Return the services of a need and for an audience; what is unknown chooses nothing."""
    names = []
    if need in NEEDS:
        cards = [card for card in cards if need in card.needs]
        names.append(str(NEEDS[need][0]))
    if audience in AUDIENCES:
        cards = [card for card in cards if audience in card.audiences]
        names.append(str(AUDIENCES[audience][0]))
    return {"found": cards, "chosen": " · ".join(names)}
