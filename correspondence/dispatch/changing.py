"""One context for every change of a dispatch, and what it means for its reply."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from correspondence.answers.addressees import lock_answered, record_in_others
from correspondence.dispatch.closing import close_delivered
from correspondence.dispatch.rights import need_on_dispatch
from correspondence.kinds import OutgoingEvent
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.models.states import DISPATCH_MOVES, REPLY_MOVES, ReplyState
from org.models import User
from registry.changes import lock, move_stage, record_change
from registry.kinds import EventKind, RegistryEvent
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import Stage, move


@dataclass(frozen=True, slots=True)
class DispatchChange:
    """A change of a dispatch under way: all letters concerned are locked, the right was checked."""

    dispatch: Dispatch
    actor: User | None = None

    def move(self, state: str, **changes: Any) -> None:
        """Move the dispatch on; raise ConflictError where somebody was faster."""
        move(self.dispatch, state, moves=DISPATCH_MOVES, **changes)

    def record(
        self,
        kind: EventKind,
        *,
        data: dict[str, Any] | None = None,
        rows: Iterable[Model] = (),
        visibility: str = LetterEvent.Visibility.STAFF,
    ) -> None:
        """Record an event of the outgoing letter that seals the dispatch."""
        record_change(
            self.dispatch.letter,
            kind,
            actor=self.actor,
            data=data,
            rows=[self.dispatch, *rows],
            visibility=visibility,
        )


@contextmanager
def changing_dispatch(
    dispatch: Dispatch, *, actor: User | None = None, verb: str = ""
) -> Iterator[DispatchChange]:
    """Open a transaction, lock the answered letters and the outgoing one, and check the right once.

    For a person the row is reloaded; without an actor the system changes it, as it knew it. Raise
    NotAllowedError, and ConflictError where the dispatch has moved on already.
    """
    with transaction.atomic():
        # Always in this order, which prevents deadlocks.
        lock_answered(dispatch.reply)
        lock(dispatch.reply.home)
        lock(dispatch.letter)
        if actor:
            dispatch.refresh_from_db(fields=["state", "proof", "settled_at"])
            need_on_dispatch(actor, dispatch, verb)
        yield DispatchChange(dispatch, actor)


def reply_delivered(reply: Reply, *, actor: User | None) -> None:
    """Record that a reply has reached its addressee; do nothing where that was known.

    This includes one that came back by another method: its letter is then answered again. The
    caller holds the letter.
    """
    stage = ""
    if reply.state == ReplyState.BOUNCED and reply.home.stage == Stage.IN_HAND:
        stage = Stage.ANSWERED
    if reply.state in (ReplyState.SENT, ReplyState.BOUNCED):
        set_reply(
            reply,
            ReplyState.DELIVERED,
            kind=OutgoingEvent.REPLY_DELIVERED,
            actor=actor,
            stage=stage,
        )
        close_delivered(reply)


def close_outgoing(letter: Letter) -> None:
    """Close an outgoing letter that has been sent."""
    if letter.stage not in (Stage.CLOSED, Stage.VOIDED):
        move_stage(letter, Stage.CLOSED, actor=None, kind=RegistryEvent.CLOSED)


def set_reply(
    reply: Reply,
    new: str,
    *,
    kind: EventKind,
    actor: User | None,
    stage: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Change the state of a sent reply, sealed in the history of the letter that it answers."""
    letter = reply.home
    lock(letter)
    stage = stage if reply.answers else ""  # one's own letter is not answered
    move(reply, new, moves=REPLY_MOVES, changed_at=timezone.now())
    record_change(
        letter,
        kind,
        actor=actor,
        stage=stage,
        data={"reply": reply.pk, **(data or {})},
        rows=[reply],
    )
    record_in_others(reply, kind, actor=actor, stage=stage, data=data)
