"""The list of readings: photo beside index, why it is odd, decided one by one or many at once."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from eservices.readings import words
from eservices.readings.access import listed, reads
from eservices.readings.deciding import MOST, decide_many, decides
from eservices.readings.models import Reading
from eservices.readings.plausibility import LEVELS, PLAUSIBLE
from org.people import permissions_of
from org.uuids import uuid_or_none
from web.shared.files import SHOWN
from web.shared.guard import StaffRequest, go_on, page, verb
from web.shared.paging import page_of

ROWS: Final = 20
MOST_COUNTED: Final = 500
TAGS: Final = {"plausible": "ok", "doubtful": "warn", "implausible": "bad"}
STATES: Final = {"received": "brand", "approved": "ok", "declined": "bad", "exported": "ok",
                 "returned": "warn"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A reading as the list shows it; `findings` are (words, whether they are against it)."""

    row: Reading
    findings: list[tuple[str, bool]]
    tag: str
    state_tag: str
    open: bool
    shown: bool


@page(reads)
def show(request: StaffRequest) -> HttpResponse:
    """Show the readings of a state, the oldest first where they wait, else the latest."""
    asked = _asked(request)
    waiting = asked["state"] in ("received", "returned")
    found = page_of(
        listed(**asked),
        order=["made_at", "id"] if waiting else ["-made_at", "-id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
        look=MOST_COUNTED,
    )
    rows = hydrated([row.pk for row in found.rows])
    context: dict[str, Any] = {
        "lines": [line_of(row) for row in rows],
        "next": found.next_cursor,
        "total": min(found.seen, MOST_COUNTED),
        "more": found.seen > MOST_COUNTED,
        "asked": asked,
        "address": urlencode({**asked, "state": asked["state"] or "all"}),
        "states": Reading.State.choices,
        "verdicts": Reading.Verdict.choices,
        "reasons": [(code, str(said)) for code, said in words.REASONS.items()],
        "decides": decides(permissions_of(request.user)),
        "tab": "list",
    }
    return render(request, "web/readings/list.html", context)


def hydrated(ids: list[Any]) -> list[Reading]:
    """Return these readings with what their lines show, in this order."""
    rows = Reading.objects.select_related("meter", "contract", "photo", "request__letter")
    found = rows.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def line_of(row: Reading) -> Line:
    """Return a reading as a line in the current language."""
    findings = [
        (words.finding(check), LEVELS.get(str(check.get("code")), PLAUSIBLE) != PLAUSIBLE)
        for check in row.checks
    ]
    return Line(
        row=row,
        findings=findings,
        tag=TAGS.get(row.verdict, ""),
        state_tag=STATES.get(row.state, ""),
        open=row.state in ("received", "returned"),
        shown=row.photo is not None and row.photo.media_type in SHOWN,
    )


def _asked(request: StaffRequest) -> dict[str, str]:
    given = request.GET
    state = given.get("state", "received") or "received"
    verdict = given.get("verdict", "")
    return {
        "state": state if state in Reading.State.values else "",
        "period": given.get("period", "")[:7].replace("\0", ""),
        "sector": given.get("sector", "")[:40].replace("\0", ""),
        "verdict": verdict if verdict in Reading.Verdict.values else "",
    }


@verb(decides)
def decide(request: StaffRequest) -> HttpResponseBase:
    """Approve or decline one reading, or all that are chosen."""
    given = request.POST
    do, _colon, one = given.get("do", "").partition(":")
    named = [one] if one else given.getlist("reading")
    ids = [found for text in named if (found := uuid_or_none(text))]
    if do not in ("approve", "decline") or not ids:
        messages.warning(request, _("Choose readings first."))
        return _back(request)
    suffix = f"-{one}" if one else ""
    decided = decide_many(
        ids[:MOST],
        actor=request.user,
        approves=do == "approve",
        reason=given.get(f"reason{suffix}", ""),
        text=given.get(f"text{suffix}", ""),
    )
    _tell(request, decided.done, list(decided.problems.values()), approves=do == "approve")
    return _back(request)


def _tell(request: StaffRequest, done: int, problems: list[str], *, approves: bool) -> None:
    if done and approves:
        said = ngettext("%(n)d reading approved.", "%(n)d readings approved.", done)
        messages.success(request, said % {"n": done})
    elif done:
        said = ngettext("%(n)d reading declined.", "%(n)d readings declined.", done)
        messages.success(request, said % {"n": done})
    for words_ in dict.fromkeys(problems):
        messages.error(request, words_)


def _back(request: StaffRequest) -> HttpResponseBase:
    return go_on(request, otherwise=reverse("desk:readings"))
