"""The part of a letter's page for its file: opinions, quotation, meetings, acceptances."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone

from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent
from eservices.requests import quotations
from eservices.requests.acceptances import kinds_open, may_lift, reserves_of
from eservices.requests.acting import actions_of
from eservices.requests.amounts import RATES, Line, kept_lines
from eservices.requests.meetings import may_hold, meetings_of
from eservices.requests.models import Acceptance, Quotation, Request, Reserve
from eservices.requests.moving import request_of
from registry.models.letters import Letter
from routing.models.opinions import Opinion
from web.desk.letter_events import Happened
from web.desk.requests.panel import seen_of
from web.desk.requests.words import TRADE_WORDS
from web.shared.guard import StaffRequest

TYPED: Final = "request.quotation"  # what was typed of a quotation that was refused, once
LINES: Final = 8
RESERVES: Final = 6
_EMPTY: Final = {"what": "", "quantity": "", "unit": "", "price": "", "rate": "20"}
_HAPPENED: Final = (
    EserviceEvent.QUOTATION_MADE,
    EserviceEvent.MEETING_HELD,
    EserviceEvent.ACCEPTANCE_RECORDED,
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation with its lines; `over` where an open one holds no more."""

    row: Quotation
    lines: list[Line]
    over: bool


@dataclass(frozen=True, slots=True)
class Open:
    """A reserve with its trade in words."""

    row: Reserve
    trade: str


def works_box(letter: Letter, request: StaffRequest, happened: Happened) -> dict[str, Any]:
    """Return what the page shows of a file's works; nothing for other letters."""
    if not happened.any_of(EserviceEvent.REQUEST_OPENED):
        return {}
    row = request_of(letter)
    if row is None or not (_is_file(row) or happened.any_of(*_HAPPENED)):
        return {}
    user = request.user
    ways = {one.name for one in actions_of(row, actor=user)}
    quotes = bool(ways & {quotations.SEND, quotations.REVISE})
    kinds = kinds_open(row, actor=user)
    return {
        "works_seen": seen_of(row),
        "works_opinions": list(_opinions(letter)),
        "works_quoted": [
            Quoted(one, kept_lines(one.lines), quotations.is_over(one))
            for one in quotations.quotations_of(row)
        ],
        "works_quotes": quotes,
        "works_typed": _typed(request, letter) if quotes else {},
        "works_rates": [str(rate) for rate in RATES],
        "works_decides": ways & {quotations.ACCEPT, quotations.DECLINE},
        "works_meets": not row.ended_at and may_hold(row, actor=user),
        "works_meetings": meetings_of(row),
        "works_kinds": [(kind, Acceptance.Kind(kind).label) for kind in kinds],
        "works_accepted": list(row.acceptances.select_related("made_by").order_by("on", "pk")),
        "works_reserves": [
            Open(one, str(TRADE_WORDS.get(one.trade, one.trade))) for one in reserves_of(row)
        ],
        "works_lifts": may_lift(row, actor=user),
        "works_trades": [(t, TRADE_WORDS[t]) for t in definition_of(row.version).trades],
        "works_rows": range(1, RESERVES + 1),
        "works_today": timezone.localdate(),
    }


def _is_file(row: Request) -> bool:
    """Return whether the type has a quotation, an acceptance or trades, or this is of a trade."""
    definition = definition_of(row.version)
    needs = {need for stage in definition.stages for one in stage.actions for need in one.needs}
    own = bool(needs & {"quotation", "acceptance", "opinions"})
    return own or bool(definition.trades or row.parent_id)


def _opinions(letter: Letter) -> Any:
    rows = Opinion.objects.filter(letter=letter).select_related("department")
    return rows.order_by("asked_at", "place", "pk")[:60]


def _typed(request: StaffRequest, letter: Letter) -> dict[str, Any]:
    """Return the rows of the form, with what was typed before it was refused."""
    kept: dict[str, Any] = request.session.get(TYPED) or {}
    mine = kept.get("letter") == str(letter.pk)
    if mine:
        del request.session[TYPED]
    rows = kept["rows"] if mine else []
    return {
        "rows": [*rows, *({**_EMPTY} for _n in range(len(rows), LINES))],
        "valid_until": kept["valid_until"] if mine else "",
        "open": mine,
    }
