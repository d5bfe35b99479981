"""Opinions on a letter: the box on its page, requesting, giving, withdrawing the request."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from org.models import Department
from registry.access import get_letter
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.acting.situations import Situation
from routing.kinds import RoutingEvent
from routing.models.opinions import Opinion
from routing.models.states import PENDING_OPINION
from routing.opinions import opinion_requests
from web.desk.letter_events import Happened
from web.shared.days import day_of
from web.shared.guard import StaffRequest, back_to_letter, reads_letters, redirect_after, verb


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """An opinion and the actions that this user may take on it."""

    row: Opinion
    verbs: set[str]


def opinions_box(letter: Letter, now: Situation | None, happened: Happened) -> dict[str, Any]:
    """Return the opinions with this user's actions, and how many are missing, in one query."""
    asked = happened.any_of(RoutingEvent.OPINION_ASKED)
    rows = list(opinion_requests.opinions_of(letter)) if asked else []
    verbs = opinion_requests.opinion_verbs_on
    return {
        "opinions": [
            OpinionRow(row, verbs(now, row) if now and now.routed else set()) for row in rows
        ],
        "opinions_missing": sum(row.state in PENDING_OPINION for row in rows),
    }


@verb(reads_letters)
def ask(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Request opinions from one or several departments, at once or in turn."""
    letter = get_letter(request.user, letter_id)
    asked = [opinion_requests.AskedDepartment(row) for row in departments_named(request, "asked")]
    opinion_requests.ask_opinions(
        letter,
        asked,
        question=request.POST.get("question", ""),
        actor=request.user,
        due_on=_day(request.POST.get("due_on", "")),
        in_turn=bool(request.POST.get("in_turn")),
    )
    messages.success(request, _("The opinion is asked for. The letter goes on meanwhile."))
    return back_to_letter(request, letter.pk, "#opinions")


@verb(reads_letters)
def on_opinion(request: StaffRequest, letter_id: UUID, opinion_id: UUID, what: str) -> HttpResponse:
    """Give the opinion, or withdraw the question."""
    letter = get_letter(request.user, letter_id)
    rows = Opinion.objects.select_related("letter", "department", "asked_for")
    row = get_object_or_404(rows, letter=letter, pk=opinion_id)
    if what == "give":
        opinion_requests.give_opinion(
            row, actor=request.user, answer=request.POST.get("answer", "")
        )
        messages.success(request, _("The opinion is given."))
    elif what == "withdraw":
        opinion_requests.withdraw_opinion(row, actor=request.user)
        messages.success(request, _("The opinion is asked for no more."))
    else:
        raise Http404
    if not Letter.objects.visible_to(request.user).filter(pk=letter.pk).exists():
        return redirect_after(reverse("desk:home"), request)
    return back_to_letter(request, letter.pk, "#opinions")


def departments_named(request: StaffRequest, name: str) -> list[Department]:
    """Return the departments of the form's codes in its order; ignore unknown codes."""
    codes = [code for code in request.POST.getlist(name) if code][:50]
    known = {row.code: row for row in Department.objects.filter(code__in=codes)}
    return [known[code] for code in dict.fromkeys(codes) if code in known]


def _day(text: str) -> date | None:
    day = day_of(text)
    if text and day is None:
        raise NotAllowedError(_("Give the day as it stands in the calendar."))
    return day
