"""The only writer of a request's stage: compared and set, with its event and all that follows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from eservices.catalogue.definition import Definition, Stage, Text
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent
from eservices.requests import clocks, stage_messages
from eservices.requests.closing import close_letter
from eservices.requests.family import record_end_in_parent
from eservices.requests.models import Outcome, Request, StageKind
from jobs.outbox import enqueue
from language.lines import one_line
from org.models import User
from registry.changes import record_change
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from registry.pieces import named_pieces
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.clocks.due import record_due
from routing.clocks.pieces import end_call, write_call
from routing.clocks.promising import PAPER_LANGUAGES, appeal_words
from routing.clocks.reckoning import Reckoner
from routing.clocks.stopping import end_stop, stop_row
from routing.kinds import RoutingEvent, RoutingJob
from routing.models.clocks import ClockStop

CITIZEN: Final = LetterEvent.Visibility.CITIZEN
WAITING: Final = StageKind.WAITING
REOPENED: Final = "reopened"  # the name of the move back after a reopening
PIECES_CAME: Final = "pieces_came"


_AFTER: list[Callable[[Request, "Move"], None]] = []


def after_move(do: Callable[[Request, "Move"], None]) -> None:
    """Register what follows from every move, in its transaction."""
    _AFTER.append(do)


@dataclass(frozen=True, slots=True)
class Move:
    """A move to a stage: by which action and whom, how it decides, the words given with it.

    `pieces` are those requested with it, one a line; `rows` sealed rows written for it.
    """

    to: str
    action: str
    actor: User | None = None
    outcome: str = ""
    reason: str = ""
    comment: str = ""
    pieces: str = ""
    rows: tuple[Model, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


def move(request: Request, by: Move) -> None:
    """Move the request, whose letter is held, from the stage that the caller knows.

    Raise ConflictError where it has moved meanwhile, NotAllowedError for an end that may not be.
    """
    definition = definition_of(request.version)
    old, new = definition.stage(request.stage), definition.stage(by.to)
    _check_end(request, new)
    places = [stage.code for stage in definition.stages]
    goes_back = places.index(new.code) < places.index(old.code)
    _set(request, new, outcome=by.outcome or ("" if goes_back else request.outcome))
    event = _record(request, old, new, by)
    _stand_or_go_on(request, old, new, by)
    for do in _AFTER:
        do(request, by)
    if by.outcome:
        _record_decision(request, by)
    if new.kind == StageKind.END:
        close_letter(request, actor=by.actor)
        record_end_in_parent(request, actor=by.actor)
    if new.notify and request.parent_id is None:
        stage_messages.queue_move_message(request, event)


def _check_end(request: Request, new: Stage) -> None:
    open_ones = Request.objects.filter(parent=request.pk, ended_at=None)
    if new.kind == StageKind.END and open_ones.exists():
        raise NotAllowedError(_("A request for a trade is still open."))


def _set(request: Request, new: Stage, *, outcome: str) -> None:
    """Write the columns of the new stage where the row still is in the one that is known.

    A decision stands no more where the request goes back to before it.
    """
    now = timezone.now()
    ends = new.kind == StageKind.END
    columns: dict[str, Any] = {
        "stage": new.code,
        "stage_kind": new.kind,
        "stage_since": _later(now, request.stage_since),
        "stage_due_on": clocks.stage_due(new),
        "ended_at": now if ends else None,
        "outcome": outcome,
    }
    if ends and not columns["outcome"]:
        raise NotAllowedError(_("Say how the request ends."))
    same = Request.objects.filter(
        pk=request.pk, stage=request.stage, stage_since=request.stage_since
    )
    if not same.update(**columns):
        raise ConflictError
    for name, value in columns.items():
        setattr(request, name, value)


def _later(now: datetime, before: datetime) -> datetime:
    """Return a moment after the one before: it distinguishes two visits of one stage."""
    return max(now, before + timedelta(microseconds=1))


def _record(request: Request, old: Stage, new: Stage, by: Move) -> LetterEvent:
    data = {
        "from": old.code,
        "to": new.code,
        "action": by.action,
        "stage": _in_languages(new.public),
        "internal": _in_languages(new.internal or new.public),
        "comment": one_line(by.comment, 1000),
        "decides": bool(by.outcome),
        "pieces": len(named_pieces(by.pieces).splitlines()),
        **by.data,
    }
    return record_change(
        request.letter,
        EserviceEvent.REQUEST_MOVED,
        actor=by.actor,
        data=data,
        rows=by.rows,
        visibility=CITIZEN,
    )


def _in_languages(text: Text) -> dict[str, str]:
    return {"ar": text.ar, "fr": text.fr, "en": text.en}


def _stand_or_go_on(request: Request, old: Stage, new: Stage, by: Move) -> None:
    """Stop the letter's clock while the citizen is waited for, and let it go on afterwards."""
    if old.kind == WAITING and new.kind != WAITING:
        end_call(request.letter, actor=by.actor)
        _restart(request, by)
    if by.pieces and by.actor:
        write_call(request.letter, actor=by.actor, pieces=named_pieces(by.pieces))
        if not (new.notify and stage_messages.way_to(request)[1]):
            enqueue(RoutingJob.PIECES_TELL, request.letter_id)  # by mail, or to be printed
    elif new.kind == WAITING and old.kind != WAITING:
        _stop(request, new, by)


def _stop(request: Request, new: Stage, by: Move) -> None:
    letter = request.letter
    if ClockStop.objects.filter(letter=letter, to_on=None).exists():
        return  # somebody stopped it before, for a reason of their own
    reason = one_line(new.waits_for.in_(request.language), 500)
    stop = stop_row(letter, actor=by.actor, reason=reason, waits=True)
    record_due(
        letter,
        RoutingEvent.CLOCK_STOPPED,
        actor=by.actor,
        data={"reason": reason},
        rows=[stop],
        visibility=CITIZEN,
    )


def _restart(request: Request, by: Move) -> None:
    letter = request.letter
    stops = list(ClockStop.objects.filter(letter=letter, to_on=None, waits=True))
    if not stops:
        return
    for stop in stops:
        end_stop(stop, actor=by.actor, reason=by.action)
    record_due(
        letter,
        RoutingEvent.CLOCK_RESTARTED,
        actor=by.actor,
        data={"reason": by.action},
        rows=[*stops],
        visibility=CITIZEN,
    )


def _record_decision(request: Request, by: Move) -> None:
    """Record how the request was decided; a refusal has its reason and the way of appeal."""
    letter = request.letter
    data: dict[str, Any] = {"outcome": by.outcome, "reason": one_line(by.reason, 1000)}
    if by.outcome == Outcome.REFUSED:
        if not data["reason"]:
            raise NotAllowedError(_("Give a reason."))
        data["appeal"] = _appeal(letter)
    kind = EserviceEvent.REQUEST_DECIDED
    if by.outcome == Outcome.WITHDRAWN:
        kind = EserviceEvent.REQUEST_WITHDRAWN
    record_change(letter, kind, actor=by.actor, data=data, visibility=CITIZEN)


def _appeal(letter: Letter) -> dict[str, str]:
    rule = Reckoner.load(kind_id=letter.kind_id).legal_rule(
        letter, kind_id=letter.kind_id, department_id=letter.department_id
    )
    found = {}
    for language in PAPER_LANGUAGES:
        with override(language):
            found[language] = appeal_words(rule, language=language)
    return found


def request_of(letter: Letter) -> Request | None:
    """Return the request that this letter is, with what a move needs; None for other letters."""
    rows = Request.objects.select_related("version", "service", "parent__letter")
    found = rows.filter(letter=letter).first()
    if found:
        found.letter = letter
    return found


def first_work(definition: Definition) -> Stage:
    """Return the stage in which a reopened request begins again."""
    work = (stage for stage in definition.stages if stage.kind == StageKind.WORK)
    return next(work, definition.first)


def go_on_after_reopening(letter: Letter, actor: User | None) -> None:
    """Move an ended request back to its first work stage: its letter was reopened.

    Raise NotAllowedError where its parent has ended: that one is to be reopened.
    """
    request = request_of(letter)
    if request is None or request.stage_kind != StageKind.END:
        return
    if request.parent and request.parent.ended_at:
        raise NotAllowedError(_("The file that this request belongs to has ended."))
    stage = first_work(definition_of(request.version))
    request.outcome = ""
    move(request, Move(to=stage.code, action=REOPENED, actor=actor))


def go_on_after_pieces(letter: Letter, actor: User | None) -> None:
    """Move a request on whose missing pieces are there."""
    request = request_of(letter)
    if request is None or request.stage_kind != WAITING:
        return
    if not PiecesRequest.objects.filter(letter=letter).exists():
        return
    definition = definition_of(request.version)
    actions = definition.stage(request.stage).actions
    goes_on = [
        action
        for action in actions
        if not action.outcome and definition.stage(action.to).kind not in (WAITING, "end")
    ]
    by_citizen = [action for action in goes_on if {"citizen", "system"} & set(action.roles)]
    for action in (by_citizen or goes_on)[:1]:
        move(request, Move(to=action.to, action=PIECES_CAME, actor=actor))
