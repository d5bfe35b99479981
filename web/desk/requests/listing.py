"""The page of requests: their services, their stages, what is late."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language

from eservices.catalogue.models import ServiceType
from eservices.catalogue.publishing import definition_of, published_types
from eservices.requests.listing import NEWEST, RequestFilter, hydrated, is_late, listed
from eservices.requests.models import Request, StageKind
from web.shared.guard import StaffRequest, page, reads_letters
from web.shared.paging import page_of

ROWS: Final = 25
MOST_COUNTED: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A request, its service and stage in words, and whether it is late."""

    row: Request
    service: str
    stage: str
    late: bool


@page(reads_letters)
def show(request: StaffRequest) -> HttpResponse:
    """Show the requests that the user may read, the latest first."""
    wanted = filter_of(request)
    found = page_of(
        listed(request.user, wanted).only("opened_at"),
        order=NEWEST,
        cursor=request.GET.get("from", ""),
        limit=ROWS,
        look=MOST_COUNTED,
    )
    shown = [row.pk for row in found.rows]
    rows = hydrated(Request.objects.filter(pk__in=shown)).in_bulk()
    context: dict[str, Any] = {
        "lines": [line_of(rows[pk]) for pk in shown if pk in rows],
        "next": found.next_cursor,
        "total": min(found.seen, MOST_COUNTED),
        "more": found.seen > MOST_COUNTED,
        "wanted": wanted,
        "services": _services(),
        "kinds": StageKind.choices,
        "address": _address(wanted),
    }
    return render(request, "web/requests.html", context)


def filter_of(request: StaffRequest) -> RequestFilter:
    """Return what the address narrows the list to; without any word the open ones."""
    given = request.GET
    return RequestFilter(
        service=given.get("service", "")[:40],
        stage=given.get("stage", "")[:40],
        late=bool(given.get("late")),
        mine=bool(given.get("mine")),
        open_only=not given.get("ended") and given.get("stage") != StageKind.END,
        text=given.get("q", "").replace("\0", "")[:200],
    )


def _address(wanted: RequestFilter) -> str:
    kept = {
        "service": wanted.service,
        "stage": wanted.stage,
        "late": "1" if wanted.late else "",
        "mine": "1" if wanted.mine else "",
        "ended": "" if wanted.open_only else "1",
        "q": wanted.text,
    }
    return urlencode({name: value for name, value in kept.items() if value})


def _services() -> list[tuple[str, str]]:
    """Return the services that may have requests, by name; those withdrawn by their code."""
    language = (get_language() or "fr")[:2]
    named = {one.definition.code: one.definition.title.in_(language) for one in published_types()}
    codes = ServiceType.objects.values_list("code", flat=True)
    return [(code, named.get(code, code)) for code in codes]


def line_of(row: Request) -> Line:
    """Return a row in the current language."""
    language = (get_language() or "fr")[:2]
    definition = definition_of(row.version)
    stage = definition.stage(row.stage)
    words = (stage.internal or stage.public).in_(language)
    return Line(row, definition.title.in_(language), words, is_late(row))
