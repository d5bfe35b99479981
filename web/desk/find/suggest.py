"""Search suggestions while typing: a small answer in JSON, for web/static/web/search.js."""

import time
from collections import OrderedDict
from typing import Any, Final

from django.http import HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from search.services import suggest
from search.suggestions import Suggestion
from web.shared.guard import StaffRequest, page, reads_letters

MOST_A_SECOND: Final = 12  # per user and process
KINDS: Final[dict[str, Any]] = {
    "saved": _("Saved search"),
    "number": _("Number"),
    "word": _("Word"),
    "party": _("Person or body"),
    "letter": _("Letter"),
}
_PEOPLE: Final = 2000

_asked: OrderedDict[int, tuple[int, int]] = OrderedDict()


@page(reads_letters)
def suggestions(request: StaffRequest) -> HttpResponseBase:
    """Return at most eight suggestions, each with its kind in words and its link."""
    if asks_too_often(request.user.pk):
        return slower({"suggestions": []})
    found = suggest(request.user, request.GET.get("q", ""))
    return JsonResponse({"suggestions": [_shown(one) for one in found]})


def slower(nothing: dict[str, Any]) -> JsonResponse:
    """Return the answer to somebody with too many requests."""
    answer = JsonResponse(nothing, status=429)
    answer.headers["Retry-After"] = "1"
    return answer


def asks_too_often(person: int) -> bool:
    """Limit the requests of a user, counted in memory: a database row per key would cost more."""
    now = int(time.monotonic())
    second, count = _asked.pop(person, (now, 0))
    count = count + 1 if second == now else 1
    _asked[person] = (now, count)
    while len(_asked) > _PEOPLE:
        _asked.popitem(last=False)
    return count > MOST_A_SECOND


def _shown(one: Suggestion) -> dict[str, str]:
    return {
        "kind": one.kind,
        "called": str(KINDS[one.kind]),
        "text": one.text,
        "note": one.note,
        "url": url_of(one),
    }


def url_of(one: Suggestion) -> str:
    """Return where a suggestion leads: a letter, or a search."""
    if one.letter:
        return reverse("desk:letter", args=[one.letter])
    address = one.address or urlencode({"q": one.text})
    return f"{reverse('desk:search')}?{address}"
