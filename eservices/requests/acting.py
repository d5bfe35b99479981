"""Actions on a request, as its type says them: who may, what they need, and taking one.

Beside those of the type there is one of every request: the citizen may withdraw it until it is
decided.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy

from eservices.catalogue.definition import Action, Definition, Text
from eservices.catalogue.publishing import definition_of
from eservices.people.models import Person
from eservices.requests.family import held_first, hold
from eservices.requests.models import Outcome, Request, StageKind
from eservices.requests.moving import Move, move
from eservices.requests.needs import (
    NEEDS,
    PendingAction,
    need_of,
    needs_of,
    obstacle_of,
    outcome_given,
    problem_of,
    too_long,
)
from eservices.requests.roles import Who, roles_of
from org.models import User
from org.people import permissions_of
from registry.deposit_files import NamedStream
from registry.models.events import LetterEvent
from registry.pieces import add_documents, open_request
from registry.states import ConflictError, Stage
from routing.acting.errors import NotAllowedError
from routing.inbox.assignments import accept
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.states import AssignmentState

WITHDRAW: Final = "withdraw"
_ENDS_OF_WITHDRAWAL: Final = ("withdrawn", "cancelled", "closed")


@dataclass(frozen=True, slots=True)
class Offered:
    """An action that somebody may take now; `blocked` is the obstacle, "" for none.

    `needs` are those of the type and a reason for a refusal; `fields` those of the form: comment,
    reason, outcome, files, pieces.
    """

    name: str
    to: str
    label: Text
    needs: tuple[str, ...]
    fields: tuple[str, ...]
    outcome: str = ""
    danger: bool = False
    blocked: str = ""


def actions_of(
    request: Request,
    *,
    actor: User | None = None,
    person: Person | None = None,
    letter_code: bool = False,
) -> list[Offered]:
    """Return what this member of the staff, person, or holder of number and code may do now."""
    who = Who(actor, person, letter_code)
    roles = roles_of(request, who)
    if not roles or request.letter.stage == Stage.VOIDED:
        return []
    definition = definition_of(request.version)
    return [
        _offered(PendingAction(request, definition, action, who))
        for action in _allowed(request, definition, roles)
    ]


def _allowed(request: Request, definition: Definition, roles: frozenset[str]) -> Iterator[Action]:
    """Yield the actions of the present stage for these roles, and the withdrawal."""
    actions = definition.stage(request.stage).actions
    for action in actions:
        if roles & set(action.roles):
            yield action
    own = any(action.outcome == Outcome.WITHDRAWN for action in actions)
    open_ = request.stage_kind != StageKind.END and not request.outcome
    if "citizen" in roles and open_ and not own and request.parent_id is None:
        yield _withdrawal(definition)


def _withdrawal(definition: Definition) -> Action:
    ends = [stage.code for stage in definition.stages if stage.kind == StageKind.END]
    named = [code for code in _ENDS_OF_WITHDRAWAL if code in ends]
    return Action(
        name=WITHDRAW,
        to=(named or ends[-1:])[0],
        label=Text(ar="سحب الطلب", fr="Retirer la demande", en="Withdraw the request"),
        roles=("citizen",),
        outcome=Outcome.WITHDRAWN,
        danger=True,
    )


def _offered(given: PendingAction) -> Offered:
    action = given.action
    needs = needs_of(action)
    fields = [need_of(name).field for name in needs]
    if "outcome" in needs:
        fields.append("reason")
    return Offered(
        name=action.name,
        to=action.to,
        label=action.label,
        needs=needs,
        fields=tuple(dict.fromkeys(filter(None, fields))),
        outcome=action.outcome,
        danger=action.danger,
        blocked=str(obstacle_of(given) or _open_family(given) or ""),
    )


def _open_family(given: PendingAction) -> Any:
    """Return that a trade is still open, for an action that ends the request."""
    ends = given.definition.stage(given.action.to).kind == StageKind.END
    if not ends or given.action.outcome == Outcome.WITHDRAWN:
        return None
    return NEEDS["children"].rule(given)


def take_action(
    request: Request,
    name: str,
    *,
    actor: User | None = None,
    person: Person | None = None,
    letter_code: bool = False,
    system: bool = False,
    comment: str = "",
    outcome: str = "",
    reason: str = "",
    files: Iterable[NamedStream] = (),
) -> Request:
    """Take an action from the stage in which the caller knows the request; all of it or nothing.

    Missing pieces are named in `comment`, one a line. The files become documents of the letter.
    Raise NotAllowedError with what is missing or not allowed, ConflictError where somebody was
    faster, DepositRefusedError for files that are refused.
    """
    who, arriving = Who(actor, person, letter_code, system), list(files)
    given = {"comment": comment, "outcome": outcome, "reason": reason, "files": arriving}

    def take(rows: list[Model]) -> None:
        hold(request)
        _take(request, name, who=who, given=given, rows=rows)

    if not arriving:
        with transaction.atomic():
            take([])
        return request
    with held_first(request):
        add_documents(request.letter, files=arriving, then=take)
    return request


def _take(
    request: Request, name: str, *, who: Who, given: dict[str, Any], rows: list[Model]
) -> None:
    """Check the action under the lock, and move the request on."""
    known = (request.stage, request.stage_since)
    present = Request.objects.values_list("stage", "stage_since").get(pk=request.pk)
    roles = roles_of(request, who)
    if not roles:
        raise NotAllowedError(gettext_lazy("You may not do this with this request."))
    if present != known:
        raise ConflictError
    definition = definition_of(request.version)
    action = _named(request, definition, roles, name)
    all_given = PendingAction(request, definition, action, who, **given)
    for rule in (too_long, problem_of, _open_family, _nothing_came):
        if problem := rule(all_given):
            raise NotAllowedError(problem)
    if who.actor:
        _take_in_hand(request, who.actor)
    if action.outcome == Outcome.WITHDRAWN:
        _withdraw_children(request, who)
    move(request, _move(all_given, rows))


def _named(request: Request, definition: Definition, roles: frozenset[str], name: str) -> Action:
    if request.letter.stage == Stage.VOIDED:
        raise NotAllowedError(gettext_lazy("This letter is voided."))
    for action in _allowed(request, definition, roles):
        if action.name == name:
            return action
    raise NotAllowedError(gettext_lazy("You may not do this with this request."))


def _move(given: PendingAction, rows: list[Model]) -> Move:
    asks = "pieces" in given.action.needs
    data = {"by": "citizen"} if given.who.citizen else {}
    return Move(
        to=given.action.to,
        action=given.action.name,
        actor=given.who.actor,
        outcome=outcome_given(given),
        reason=given.reason,
        comment="" if asks else given.comment,
        pieces=given.comment if asks else "",
        rows=tuple(rows),
        data=data | ({"documents": _documents(rows)} if rows else {}),
    )


def _documents(rows: list[Model]) -> int:
    return sum(row._meta.label_lower == "registry.document" for row in rows)


def _nothing_came(given: PendingAction) -> Any:
    """Return why the citizen may not say that the pieces are there: nothing has come."""
    if not given.who.citizen or given.request.stage_kind != StageKind.WAITING or given.files:
        return None
    if given.action.outcome or open_request(given.request.letter) is None:
        return None
    came = (RoutingEvent.PIECE_ADDED, RoutingEvent.ADDED_UNASKED)
    if LetterEvent.objects.filter(letter=given.request.letter_id, kind__in=came).exists():
        return None
    return gettext_lazy("Nothing has arrived yet: send your pieces first.")


def _take_in_hand(request: Request, actor: User) -> None:
    """Accept the letter for the actor's department where it waits for that: who acts has it."""
    codes = permissions_of(actor).departments
    waiting = Assignment.objects.filter(
        letter=request.letter_id,
        role=Assignment.Role.ACTION,
        state=AssignmentState.OPEN,
        department__code__in=codes,
    )
    for row in waiting.select_related("department"):
        row.letter = request.letter
        accept(row, actor=actor)


def _withdraw_children(request: Request, who: Who) -> None:
    """End what is still open for single trades, before the request itself."""
    rows = Request.objects.filter(parent=request.pk, ended_at=None)
    for child in rows.select_related("letter", "version").order_by("pk"):
        child.parent = request
        hold(child)
        action = _withdrawal(definition_of(child.version))
        move(
            child,
            Move(to=action.to, action=WITHDRAW, actor=who.actor, outcome=Outcome.WITHDRAWN),
        )
