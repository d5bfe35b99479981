"""Quotations, meetings, acceptances and reserves, as the page of a request shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from eservices.requests import quotations
from eservices.requests.acceptances import reserves_of
from eservices.requests.acting import actions_of
from eservices.requests.amounts import Line, kept_lines
from eservices.requests.meetings import meetings_of, minutes_file
from eservices.requests.models import Acceptance, Quotation, Request, Reserve
from eservices.requests.roles import Who
from routing.acting.errors import NotAllowedError
from web.portal.access import by_citizen, of_visit
from web.portal.request_page.verbs import done, typed, visited
from web.portal.request_page.visiting import who_visits
from web.shared.files import stored


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation with its lines; `over` where an open one holds no more."""

    row: Quotation
    lines: list[Line]
    over: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """An acceptance with its reserves, each with its trade in words."""

    row: Acceptance
    reserves: list[tuple[Reserve, str]]


def works_part(row: Request, who: Who | None, *, trades: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page shows of the works; no forms without `who`."""
    quoted = [
        Quoted(one, kept_lines(one.lines), quotations.is_over(one))
        for one in quotations.quotations_of(row)
    ]
    open_ = next((one for one in quoted if one.row.state == Quotation.State.SENT), None)
    offered = set()
    if open_ and who:
        found = actions_of(row, person=who.person, letter_code=who.letter_code)
        offered = {one.name for one in found}
    return {
        "quotation_open": open_,
        "quotations_before": [one for one in quoted if one is not open_],
        "quotation_accepts": quotations.ACCEPT in offered and open_ and not open_.over,
        "quotation_declines": quotations.DECLINE in offered,
        "works_meetings": meetings_of(row),
        "works_accepted": accepted_of(row, trades),
    }


def accepted_of(row: Request, trades: Mapping[str, Any]) -> list[Accepted]:
    """Return the acceptances in the order of their days, each with its reserves."""
    by_acceptance: dict[int, list[tuple[Reserve, str]]] = {}
    for one in reserves_of(row):
        words = str(trades.get(one.trade, one.trade))
        by_acceptance.setdefault(one.acceptance_id, []).append((one, words))
    rows = Acceptance.objects.filter(request=row.pk).order_by("on", "pk")
    return [Accepted(one, by_acceptance.get(one.pk, [])) for one in rows]


@require_POST
@by_citizen
@of_visit
def decide_quotation(request: HttpRequest) -> HttpResponse:
    """Accept or decline the quotation that the page shows."""
    return done(request, _decided)


def _decided(request: HttpRequest, row: Request) -> str:
    given = typed(request, "quotation", 4)
    number = int(given) if given.isascii() and given.isdigit() else 0
    if not request.POST.get("sure"):
        raise NotAllowedError(_("Nothing was done: please confirm that you are sure."))
    who = who_visits(request, row)
    by: dict[str, Any] = {"person": who.person, "letter_code": who.letter_code}
    if request.POST.get("decision") == "accept":
        quotations.accept(row, number, **by)
        return _("Thank you. You have accepted the quotation.")
    quotations.decline(row, number, reason=typed(request, "reason"), **by)
    return _("You have declined the quotation.")


@require_safe
@of_visit
def quotation_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """Return a quotation of the visited request as PDF."""
    row = visited(request)
    found = Quotation.objects.filter(request=row.pk, number=number, file__isnull=False)
    quotation = found.select_related("file").first()
    if quotation is None or quotation.file is None:
        raise Http404
    word = _("quotation")
    name = f"{row.letter.number.replace('/', '-')}-{word}-{number}.pdf"
    return stored(quotation.file, "application/pdf", name=name)


@require_safe
@of_visit
def minutes(request: HttpRequest, number: int) -> HttpResponseBase:
    """Return the minutes of a meeting of the visited request as PDF."""
    row = visited(request)
    file = minutes_file(row, number)
    if file is None:
        raise Http404
    word = _("minutes")
    name = f"{row.letter.number.replace('/', '-')}-{word}-{number}.pdf"
    return stored(file, "application/pdf", name=name)
