"""The panel of a request on its letter's page: stages, answers, pieces, actions, messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from eservices.catalogue.definition import Definition
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent
from eservices.requests.acting import Offered, actions_of
from eservices.requests.children import MAY_OPEN, open_trades
from eservices.requests.listing import is_late
from eservices.requests.messages import messages_of
from eservices.requests.models import Request
from eservices.requests.moving import request_of
from eservices.requests.needs import STAFF_OUTCOMES
from eservices.requests.paper import Section, answer_sections
from eservices.requests.roles import Who, roles_of
from org.models import User
from registry.models.letters import Letter
from web.desk.letter_events import Happened
from web.desk.requests.words import OUTCOME_WORDS, TRADE_WORDS


@dataclass(frozen=True, slots=True)
class Step:
    """A stage in the bar; `state` is done, now or ahead."""

    words: str
    state: str


@dataclass(frozen=True, slots=True)
class Do:
    """An action as a form: its words, and its fields."""

    offered: Offered
    words: str


@dataclass(frozen=True, slots=True)
class Child:
    """A request for a trade: its row, the trade and the stage in words."""

    row: Request
    trade: str
    stage: str


def request_panel(letter: Letter, user: User, happened: Happened) -> dict[str, Any]:
    """Return what the page shows of the request that the letter is; nothing for other letters."""
    if not happened.any_of(EserviceEvent.REQUEST_OPENED):
        return {}
    row = request_of(letter)
    if row is None:
        return {}
    language = (get_language() or "fr")[:2]
    definition = definition_of(row.version)
    offered = actions_of(row, actor=user)
    opens = roles_of(row, Who(user)) & MAY_OPEN if definition.trades else frozenset()
    trades = open_trades(row) if opens and not row.ended_at else []
    return {
        "asked": row,
        "asked_title": definition.title.in_(language),
        "asked_steps": _steps(definition, row, happened, language),
        "asked_late": is_late(row),
        "asked_outcome": OUTCOME_WORDS.get(row.outcome, ""),
        "asked_seen": seen_of(row),
        "asked_answers": _answers(definition, row, language),
        "asked_actions": [Do(one, one.label.in_(language)) for one in offered],
        "asked_outcomes": [(code, OUTCOME_WORDS[code]) for code in STAFF_OUTCOMES],
        "asked_children": _children(row, language) if definition.trades else [],
        "asked_trades": [(trade, TRADE_WORDS[trade]) for trade in trades],
        "asked_messages": list(messages_of(row)[:200]),
        "asked_may_write": bool(offered or opens or roles_of(row, Who(user))),
    }


def seen_of(row: Request) -> str:
    """Return in which stage, since when, the page shows the request: a form sends it back."""
    return f"{row.stage}@{row.stage_since.isoformat()}"


def _steps(definition: Definition, row: Request, happened: Happened, language: str) -> list[Step]:
    """Return the stages that were passed, the present one, and those that may come."""
    moves = [e.data for e in happened.events if e.kind == EserviceEvent.REQUEST_MOVED]
    passed = {str(move.get("from")) for move in moves}
    found = []
    for stage in definition.stages:
        state = "now" if stage.code == row.stage else "done" if stage.code in passed else "ahead"
        if row.ended_at and state == "ahead":
            continue
        found.append(Step((stage.internal or stage.public).in_(language), state))
    return found


def _answers(definition: Definition, row: Request, language: str) -> Sequence[Section]:
    return answer_sections(definition, row.answers, language=language)


def _children(row: Request, language: str) -> list[Child]:
    rows = Request.objects.filter(parent=row.pk).select_related("letter__department", "version")
    found = []
    for child in rows.order_by("opened_at", "pk")[:50]:
        stage = definition_of(child.version).stage(child.stage)
        words = (stage.internal or stage.public).in_(language)
        found.append(Child(child, str(TRADE_WORDS.get(child.trade, child.trade)), words))
    return found
