"""The catalogue for other web sites: a list of links for programs, and a page for a frame."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from eservices.catalogue.publishing import published_types
from org.models.institution import LANGUAGES
from web.middleware import POLICY
from web.portal.services.cards import by_need, cards_of, page_language, popular

_KEPT: Final = "public, max-age=300"
_OWN_FRAMES: Final = "frame-ancestors 'self'"


@require_safe
def link_list(request: HttpRequest) -> HttpResponse:
    """Return the published services with their addresses, in one language, for any web site."""
    with override(_language(request)):
        told = {"language": page_language(), "services": _rows(), "home": _absolute("/portal/")}
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    answer.headers["Access-Control-Allow-Origin"] = "*"  # public, and the same for everybody
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = _KEPT
    return answer


@require_safe
@xframe_options_exempt
def widget(request: HttpRequest) -> HttpResponse:
    """Show search and the most requested services, in a frame of the sites allowed.

    It sets no cookie and reads none; the policy of the page states who may frame it.
    """
    types = published_types()
    with override(_language(request)):
        cards = cards_of(types)
        context: dict[str, Any] = {
            "popular": popular(types, cards),
            "needs": by_need(cards),
            "site": settings.PUBLIC_URL,
        }
        answer = render(request, "portal/services/widget.html", context)
    allowed = " ".join((_OWN_FRAMES, *settings.EMBED_HOSTS))
    answer.headers["Content-Security-Policy"] = POLICY.replace(_OWN_FRAMES, allowed)
    answer.headers["Cache-Control"] = _KEPT
    return answer


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "code": card.code,
            "title": card.title,
            "summary": card.summary,
            "needs": list(card.needs),
            "audiences": list(card.audiences),
            "danger": card.dangerous,
            "url": _absolute(card.address),
        }
        for card in cards_of(published_types())
    ]


def _language(request: HttpRequest) -> str:
    """Return the language in the address, else that of the page."""
    wanted = request.GET.get("language", "")
    return wanted if wanted in LANGUAGES else page_language()


def _absolute(address: str) -> str:
    return f"{settings.PUBLIC_URL}{address}"
