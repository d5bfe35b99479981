"""What the page of a letter shows of the request that it is, to its citizen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from eservices.catalogue.definition import Definition
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent
from eservices.requests.acting import WITHDRAW, Offered, actions_of
from eservices.requests.messages import messages_of, note_read
from eservices.requests.models import Message, Outcome, Request, StageKind
from eservices.requests.moving import request_of
from eservices.requests.roles import Who
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.pieces import open_request
from registry.states import Stage
from web.portal.request_page.dues import dues_part
from web.portal.request_page.papers import given_papers
from web.portal.request_page.visiting import seen_of, who_visits
from web.portal.request_page.way import next_words, steps_of
from web.portal.request_page.works import Quoted, works_part

MOST_MESSAGES: Final = 200
TRADES: Final[dict[str, Any]] = {
    "water": _("Water"),
    "electricity": _("Electricity"),
    "sewage": _("Sewage"),
}
QUOTATION_ACTIONS: Final = ("accept_quotation", "decline_quotation")


@dataclass(frozen=True, slots=True)
class Do:
    """An action that the citizen may take, in words."""

    offered: Offered
    words: str

    @property
    def declines(self) -> bool:
        """Whether it ends the request as an answer to what the office proposed."""
        return self.offered.name != WITHDRAW


@dataclass(frozen=True, slots=True)
class Child:
    """The request for one trade: the trade and the stage in words."""

    row: Request
    trade: str
    stage: str


def request_part(
    letter: Letter, request: HttpRequest, events: Iterable[LetterEvent]
) -> dict[str, Any]:
    """Return what the page shows of the request; nothing for a letter that is none."""
    row = request_of(letter)
    if row is None:
        return {}
    language = (get_language() or "fr")[:2]
    definition = definition_of(row.version)
    events = list(events)
    steps = steps_of(definition, row, events, language)
    may = not request.user.is_authenticated and letter.stage != Stage.VOIDED
    who = who_visits(request, row) if may else None
    works, dues = works_part(row, who, trades=TRADES), dues_part(row)
    return {
        "asked_row": row,
        "asked_title": definition.title.in_(language),
        "asked_stage": definition.stage(row.stage).public.in_(language),
        "asked_steps": steps,
        "asked_next": next_words(definition, row, steps, language) if not row.ended_at else "",
        "asked_seen": seen_of(row),
        "asked_waits": _waits(definition, row, language),
        "asked_until": _until(row, works["quotation_open"], dues),
        "asked_decision": _decision(row, events, language),
        "asked_term": definition.term.words.in_(language),
        "asked_papers": given_papers(row),
        "asked_children": _children(row, language) if definition.trades else [],
        "asked_messages": _messages(row, read=may),
        "asked_writes": may,
        **(_actions(row, who, language) if who else {}),
        **works,
        **dues,
    }


def _waits(definition: Definition, row: Request, language: str) -> str:
    """Return what the office waits for from the citizen, "" where for nothing."""
    if row.ended_at:
        return ""
    stage = definition.stage(row.stage)
    if stage.kind == StageKind.PAYMENT:
        return stage.public.in_(language)
    return stage.waits_for.in_(language) if stage.kind == StageKind.WAITING else ""


def _until(row: Request, quoted: Quoted | None, dues: dict[str, Any]) -> date | None:
    """Return the day until which the citizen is waited for: what they are to answer may end first.

    A quotation holds until a day of its own, an instalment or a bill falls due on one.
    """
    ends = [quoted.row.valid_until] if quoted else []
    if dues["dues_waiting"] and dues["dues_parts"]:
        owed = [part for part in dues["dues_parts"] if part.state in ("late", "ahead")]
        ends += [part.row.due_on for part in owed[:1]]
    elif dues["dues_waiting"]:
        ends += [bill.due_on for bill in dues["dues_waiting"] if bill.due_on]
    ahead = [day for day in ends if day >= timezone.localdate()]
    return min([*ahead, *([row.stage_due_on] if row.stage_due_on else [])], default=None)


def _decision(row: Request, events: Iterable[LetterEvent], language: str) -> dict[str, Any]:
    """Return why a request was decided as it stands, and the way of appeal; nothing before.

    Closing after the decision may say a reason of its own: it follows that of the decision.
    """
    standing: list[dict[str, Any]] = []
    moved_on = False
    for one in events:
        if one.kind == EserviceEvent.REQUEST_MOVED and not one.data.get("decides"):
            moved_on = True
        elif one.kind == EserviceEvent.REQUEST_DECIDED:
            standing = [one.data] if moved_on else [*standing, one.data]
            moved_on = False
    if not standing or not row.outcome:
        return {}
    appeal = standing[-1].get("appeal") or {}
    reasons = (str(one.get("reason", "")) for one in standing)
    return {
        "reasons": list(dict.fromkeys(reason for reason in reasons if reason)),
        "appeal": str(appeal.get(language) or appeal.get("fr", "")),
    }


def _actions(row: Request, who: Who, language: str) -> dict[str, Any]:
    """Return the citizen's actions: those that go on, and the one that withdraws the request."""
    offered = actions_of(row, person=who.person, letter_code=who.letter_code)
    asked = open_request(row.letter) is not None
    doings = [Do(one, one.label.in_(language)) for one in offered]
    ends = [do for do in doings if do.offered.outcome == Outcome.WITHDRAWN]
    return {
        "asked_actions": [
            do
            for do in doings
            # what was sent piece by piece is said to be complete beside the pieces
            if do not in ends and not asked and do.offered.name not in QUOTATION_ACTIONS
        ],
        "asked_withdrawal": [do for do in ends if do.offered.name not in QUOTATION_ACTIONS][:1],
    }


def _messages(row: Request, *, read: bool) -> list[Message]:
    """Return the messages; those of the office are read with that."""
    rows = list(messages_of(row)[:MOST_MESSAGES])
    if read and any(not m.from_citizen and m.read_at is None for m in rows):
        note_read(row, by_citizen=True)
    return rows


def _children(row: Request, language: str) -> list[Child]:
    rows = Request.objects.filter(parent=row.pk).select_related("letter", "version")
    found = []
    for child in rows.order_by("opened_at", "pk")[:50]:
        stage = definition_of(child.version).stage(child.stage)
        trade = str(TRADES.get(child.trade, child.trade))
        found.append(Child(child, trade, stage.public.in_(language)))
    return found
