"""The job of an order on many letters: each in its own transaction, by the right of who asked."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from org.models import Department, User
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.assigning import bulk, giving
from routing.assigning.lists import targets_of
from routing.closing.reopening import reopen
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.together import BulkLine, BulkOrder

AT_ONCE: Final = 20
_LEFT: Final = BulkLine.State.WAITING
Deed = BulkOrder.Deed
Action = Callable[[Letter, BulkLine], Assignment | None]


def together_work(order_id: str, progress: Callable[[int, int], None]) -> None:
    """Do the job's work: the action on each letter that waits for it. Repeatable."""
    order = BulkOrder.objects.filter(pk=order_id, finished_at=None).first()
    if order is None:
        return
    total, waiting = order.lines.count(), order.lines.filter(state=_LEFT).order_by("pk")
    while lines := list(waiting.select_related("assignment__department")[:AT_ONCE]):
        actor = User.objects.get(pk=order.asked_by_id)  # as they stand now
        with override(actor.language):
            _carry(order, lines, actor)
        progress(total - waiting.count(), total)


def save_done(order_id: str, _result: None) -> None:
    """Do the job's save: the order is done."""
    BulkOrder.objects.filter(pk=order_id, finished_at=None).update(finished_at=timezone.now())


def together_parked(order_id: str, _code: str) -> None:
    """Record that the job gave up: what was done stays, and the rest stays where it was."""
    save_done(order_id, None)


def _carry(order: BulkOrder, lines: Sequence[BulkLine], actor: User) -> None:
    """Do the action on these lines, and write down of each whether it went."""
    ids = [line.letter_id for line in lines]
    visible = Letter.objects.visible_to(actor) if actor.is_active else Letter.objects.none()
    letters = visible.for_lists().filter(pk__in=ids).in_bulk()
    unread = [line for line in lines if line.letter_id not in letters]
    _refuse(unread, str(_("You may not read this letter any more.")))
    left = [line for line in lines if line.letter_id in letters]
    if not left:
        return
    try:
        action = _action(order, actor)
    except NotAllowedError as error:  # for all of them: its department or its list is gone
        _refuse(left, str(error))
        return
    rows = [(letters[line.letter_id], (letters[line.letter_id], line)) for line in left]
    done = bulk.each(rows, partial(_do, action))
    for line, outcome in zip(left, done, strict=True):
        if outcome.reason:
            _refuse([line], outcome.reason)


def _do(action: Action, row: tuple[Letter, BulkLine]) -> None:
    """Do the action and mark its line, in the transaction of the caller."""
    letter, line = row
    came = action(letter, line)
    if not BulkLine.objects.filter(pk=line.pk, state=_LEFT).update(
        state=BulkLine.State.DONE, assignment=came or F("assignment")
    ):
        raise ConflictError


def _refuse(lines: Sequence[BulkLine], reason: str) -> None:
    rows = BulkLine.objects.filter(pk__in=[line.pk for line in lines], state=_LEFT)
    rows.update(state=BulkLine.State.REFUSED, reason=reason[:300])


def _action(order: BulkOrder, actor: User) -> Action:
    """Return what is done with one letter; raise NotAllowedError where it can be with none."""
    reason = order.given.get("reason", "")
    if order.deed == Deed.ASSIGN:
        return _assigning(order, actor)
    if order.deed == Deed.REOPEN:
        return lambda letter, _line: _nothing(reopen(letter, actor=actor, reason=reason))
    if order.deed == Deed.MOVE:
        to = _department(order)
        return lambda _letter, line: assignments.transfer(
            _of(line), actor=actor, department=to, reason=reason
        )
    if order.deed == Deed.ACCEPT:
        return lambda _letter, line: assignments.accept(_of(line), actor=actor)
    noted = Assignment.Method.NOTED
    return lambda _letter, line: assignments.sign_off(_of(line), actor=actor, method=noted)


def _assigning(order: BulkOrder, actor: User) -> Action:
    by_list = "list" in order.given
    targets = targets_of(order.given["list"]) if by_list else [giving.Target(_department(order))]

    def assign(letter: Letter, _line: BulkLine) -> Assignment | None:
        made = giving.assign_all(letter, targets, actor=actor, skip_present=by_list, of_tray=True)
        return None if by_list else made[0]

    return assign


def _of(line: BulkLine) -> Assignment:
    if line.assignment is None:
        raise ConflictError
    return line.assignment


def _nothing(_result: object) -> None:
    return None


def _department(order: BulkOrder) -> Department:
    found = Department.objects.filter(code=order.given.get("department", "")).first()
    if found is None:
        raise NotAllowedError(_("Choose a department."))
    return found
