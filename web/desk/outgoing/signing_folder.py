"""The signing folder: what waits for the user's visa or signature, read and decided one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from correspondence.acting.waiting_steps import asked_of, waiting_for
from correspondence.answers.addressees import recipients_of
from correspondence.models.steps import Act, ReplyStep, StepState
from correspondence.replies.visas import MOST, give_visas
from language.bidi import isolate
from org.models import User
from org.people import stands_in_for
from org.signs import listed as names_listed
from web.desk.reply_steps import who_words
from web.shared.guard import StaffRequest, form, page, reads_letters
from web.shared.paging import page_of
from web.shared.reply_paper import may_be_shown
from web.signin.confirmation import confirms

ROWS: Final = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """The step that is read now: its place in the list, its neighbours, and what comes after it."""

    step: ReplyStep
    who: str
    place: int
    before: ReplyStep | None
    after: ReplyStep | None
    back: str


@page(reads_letters)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the list, the oldest first, and one reply as it will go out, to be decided.

    `?step=` names the one that is open; where it waits no more, `?then=` is.
    """
    waiting = waiting_for(request.user).annotate(since=F("reply__changed_at"))
    waiting = waiting.select_related(
        *("reply__letter", "reply__author", "reply__department", "reply__file"),
        "reply__archive_file",
    )
    cursor = request.GET.get("from", "")
    found = page_of(waiting, order=["since", "pk"], cursor=cursor, limit=ROWS)
    opened = _opened(request, waiting, found.rows, cursor)
    context: dict[str, Any] = {
        "rows": [(step, who_words(step)) for step in found.rows],
        "next": found.next_cursor,
        "cursor": cursor,
        "opened": opened,
        "visas": sum(step.act == Act.VISA for step in found.rows),
        "chosen": bool(opened and request.GET.get("step")),
        "absent": _absent(request.user),
    }
    if opened:
        reply = opened.step.reply
        context |= {
            "step": opened.step,
            "reply": reply,
            "letter": reply.letter,
            "shown": may_be_shown(reply),
            "to": recipients_of(reply),
            "back": opened.back,
        }
    return render(request, "web/signing_folder.html", context)


def _absent(user: User) -> str:
    """Return the names of those for whom this person stands in today."""
    ids = stands_in_for(user, on=timezone.localdate())
    absent = User.objects.filter(pk__in=ids).order_by("last_name", "pk") if ids else ()
    return names_listed(isolate(one.shown_name) for one in absent)


def _opened(
    request: StaffRequest, waiting: "QuerySet[ReplyStep]", rows: Sequence[ReplyStep], cursor: str
) -> Opened | None:
    step = next(filter(None, (_named(request, n, waiting, rows) for n in ("step", "then"))), None)
    step = step or next(iter(rows), None)
    if step is None:
        return None
    place = next((at for at, row in enumerate(rows) if row.pk == step.pk), -1)
    before = rows[place - 1] if place > 0 else None
    after = rows[place + 1] if 0 <= place < len(rows) - 1 else None
    follows = after or before
    query: dict[str, Any] = {"step": step.pk} | ({"then": follows.pk} if follows else {})
    query |= {"from": cursor} if cursor else {}
    back = f"{reverse('desk:signing_folder')}?{urlencode(query)}"
    return Opened(step, who_words(step), place + 1, before, after, back)


def _named(
    request: StaffRequest, name: str, waiting: "QuerySet[ReplyStep]", rows: Sequence[ReplyStep]
) -> ReplyStep | None:
    """Return the waiting step that the address names, if it does."""
    try:
        wanted = UUID(request.GET.get(name, ""))
    except ValueError:
        return None
    seen = next((row for row in rows if row.pk == wanted), None)
    return seen or waiting.filter(pk=wanted).first()


@form(reads_letters)
@confirms()
def visas(request: StaffRequest) -> HttpResponse:
    """Show the chosen letters once more before their visas are given; then the outcome of each."""
    wanted = _chosen(request)
    if request.method == "POST":
        done = give_visas(wanted, actor=request.user)
        context = {
            "went": [one.step for one in done if not one.reason],
            "stayed": [one for one in done if one.reason],
        }
        return render(request, "web/visas_done.html", context)
    rows = asked_of(request.user, wanted)
    visas = [step for step in rows if step.act == Act.VISA and step.state == StepState.DUE]
    signatures = [step for step in rows if step.act == Act.SIGNATURE]
    context = {"rows": visas, "signatures": signatures, "missing": len(wanted) - len(rows)}
    return render(request, "web/visas.html", context)


def _chosen(request: StaffRequest) -> list[UUID]:
    """Return the steps that the form names; one more than may be, so that too many are refused."""
    given = request.POST if request.method == "POST" else request.GET
    found = []
    for text in given.getlist("step")[: MOST + 1]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
