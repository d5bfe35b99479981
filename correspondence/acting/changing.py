"""One context for every change of a reply: the lock, the right, the step, the event."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from correspondence.acting.rights import need_as_known, round_now, turn_of
from correspondence.acting.verbs import ReplyVerb
from correspondence.models.replies import Reply
from correspondence.models.states import REPLY_MOVES, STEP_MOVES
from correspondence.models.steps import ReplyStep, StepState
from jobs.outbox import enqueue
from org.models import User
from registry.acts import record_act
from registry.chain import seals_of
from registry.changes import lock, record_change
from registry.kinds import EventKind, RegistryJob
from registry.states import ConflictError, move
from registry.verification import sealed_models
from routing.acting.access import refusal
from routing.acting.errors import NotAllowedError

_READ_ANEW = (
    *("state", "subject", "body", "file", "file_name", "remark", "approved_by", "changed_at"),
    *("submitted_by", "archive_file", "archive_level", "archive_problem"),
)


@dataclass(slots=True)
class ReplyChange:
    """A change of a reply under way: its row is locked and the actor has the right.

    `behalf` is what events record about whom the actor acts for.
    """

    reply: Reply
    actor: User | None = None
    behalf: dict[str, int] = field(default_factory=dict)

    def move(self, state: str, **changes: Any) -> None:
        """Move the reply on; raise ConflictError where somebody was faster."""
        move(self.reply, state, moves=REPLY_MOVES, **{"changed_at": timezone.now(), **changes})

    def write(self, **values: Any) -> None:
        """Save these columns of a draft."""
        values["changed_at"] = timezone.now()
        Reply.objects.filter(pk=self.reply.pk).update(**values)
        for name, value in values.items():
            setattr(self.reply, name, value)

    def record(
        self, kind: EventKind, *, data: dict[str, Any] | None = None, rows: Iterable[Model] = ()
    ) -> None:
        """Record an event of the letter; for a draft without one, an audit record, sealed alike."""
        reply, sealed = self.reply, [self.reply, *rows]
        said = {"reply": reply.pk, "department": reply.department.code, **(data or {})}
        if reply.letter:
            record_change(reply.letter, kind, actor=self.actor, data=said, rows=sealed)
        else:
            act = record_act(kind, actor=self.actor, data={**said, "seals": seals_of(sealed)})
            if kind.is_news:
                enqueue(RegistryJob.NOTICE_SPREAD, f"act:{act.pk}")


@contextmanager
def changing_reply(
    reply: Reply,
    *,
    actor: User | None,
    verb: ReplyVerb | None = None,
    seen: datetime | None = None,
) -> Iterator[ReplyChange]:
    """Open a transaction, lock and reload the reply, and check the right once.

    Without an actor the system makes the change. Raise NotAllowedError, and ConflictError where the
    actor would have had the right on the reply as they knew it, or where it was changed since:
    `seen` is when the reply that they saw was changed last.
    """
    with transaction.atomic():
        known = _lock(reply)
        behalf = need_as_known(actor, reply, verb, known=known)
        if seen is not None and seen != reply.changed_at:
            raise ConflictError
        yield ReplyChange(reply, actor, behalf)


@dataclass(slots=True)
class StepChange(ReplyChange):
    """A change of a reply by a step of its circuit, which is due and falls to the actor."""

    step: ReplyStep = field(kw_only=True)

    @property
    def event_data(self) -> dict[str, Any]:
        """What the history records of the step: which one, and for whom it was done."""
        data: dict[str, Any] = {"step": self.step.position, "round": self.step.round}
        return data | ({"for": self.step.for_person.pk} if self.step.for_person else {})

    def finish(self, new: str = StepState.DONE, **changes: Any) -> list[Model]:
        """Move the step on and, where it was the last of its rank, make the next rank due."""
        done = {"done_by": self.actor, "done_at": timezone.now(), **changes}
        move(self.step, new, moves=STEP_MOVES, for_person=self.step.for_person, **done)
        rows: list[Model] = [self.step]
        if new == StepState.DONE:
            due = _next(round_now(self.reply))
            rows += [move(step, StepState.DUE, moves=STEP_MOVES) for step in due]
        return rows


@contextmanager
def taking_step(
    reply: Reply, seen: ReplyStep | None, *, actor: User, verb: ReplyVerb
) -> Iterator[StepChange]:
    """Do the same for a step of the reply's circuit: the one that the actor saw.

    Raise ConflictError also where that step is done already.
    """
    with transaction.atomic():
        known = _lock(reply)
        turn = turn_of(reply, seen, actor)
        behalf = need_as_known(actor, reply, verb, known=known)
        if turn is None:
            raise NotAllowedError(refusal(None))
        step, hand = turn
        step.reply = reply
        if step._state.adding:  # of a reply that was submitted before there were circuits
            step.save(force_insert=True)
        if hand.user_id != actor.pk:
            step.for_person = User.objects.get(pk=hand.user_id)
        yield StepChange(reply, actor, behalf, step=step)


def belongings(reply: Reply) -> list[Model]:
    """Return every other sealed row of a reply.

    A draft without a letter brings them into the history that it gets when it is sent.
    """
    rows: list[Model] = []
    for model in sealed_models():
        to_reply, _to, column = model.LETTER.rpartition("__")
        if (to_reply, column) == ("reply", "letter_id"):
            rows += model._default_manager.filter(**{to_reply: reply})
    return rows


def _lock(reply: Reply) -> str:
    """Lock the letter in whose history the reply stands, or a draft without a letter itself.

    Read the reply anew; return the state in which the caller knew it.
    """
    known = reply.state
    if reply.letter:
        lock(reply.letter)
    else:
        Reply.objects.select_for_update().get(pk=reply.pk)
    reply.refresh_from_db(fields=_READ_ANEW)
    return known


def _next(steps: Iterable[ReplyStep]) -> list[ReplyStep]:
    """Return the steps that become due now: none while one is due."""
    steps = list(steps)
    if any(step.state == StepState.DUE for step in steps):
        return []
    later = [step for step in steps if step.state == StepState.LATER]
    first = min((step.rank for step in later), default=0)
    return [step for step in later if step.rank == first]
