"""Sending a reply: its number in the outgoing register, the delivery method, and the proof.

Sending registers the outgoing letter (a signed one has its number) and asks for its dispatch in
one transaction. What is slow or may fail (drawing the letter, the mail server) is the job's:
`correspondence.dispatch.delivery`.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from correspondence.acting.rights import need_on_reply
from correspondence.acting.verbs import ReplyVerb
from correspondence.answers.several import answer_others, belongings, lock_answered, tell_others
from correspondence.dispatch.ways import FOLLOWED, POSTED, checked_address
from correspondence.kinds import OutgoingEvent, OutgoingJob
from correspondence.models.dispatch import Dispatch, PostingLine
from correspondence.models.replies import Reply
from correspondence.models.states import REPLY_MOVES, DispatchState, ReplyState
from correspondence.replies.internal import deliver_internally
from correspondence.replies.registering import channel_of, register_outgoing, same_readers
from jobs.outbox import enqueue
from org.models import User
from registry.changes import lock, move_stage, record_change
from registry.kinds import EventKind, RegistryEvent
from registry.models.letters import Letter, ReplyLink
from registry.states import ConflictError, Stage
from routing.acting.changing import change_letter
from routing.acting.errors import NotAllowedError
from routing.kinds import RoutingEvent
from routing.models.states import move


def send_reply(reply: Reply, *, actor: User, method: str, address: str = "") -> Letter:
    """Register an approved reply in the outgoing register and send it; return that letter.

    `method` is one of Dispatch.Method, `address` as in `ways.checked_address`. A reply that was
    signed, or that came back (bounced), goes out under the number that it has. Raise
    NotAllowedError, ConflictError, DepositRefusedError.
    """
    address = checked_address(reply, method=method, address=address)
    told = {"method": str(method), **need_on_reply(actor, reply, ReplyVerb.SEND)}
    if reply.outgoing:  # signed, or it came back
        with transaction.atomic():
            _seal_sent(reply, reply.outgoing, actor=actor, told=told, address=address)
        return reply.outgoing
    return register_outgoing(
        reply,
        actor=actor,
        method=method,
        address=address,
        then=lambda outgoing: _seal_sent(reply, outgoing, actor=actor, told=told, address=address),
    )


def send_also(reply: Reply, *, actor: User, method: str, address: str = "") -> Dispatch:
    """Send a reply that has left by one method by a further one as well.

    Raise NotAllowedError, also where it waits to be sent by this very method.
    """
    address = checked_address(reply, method=method, address=address)
    if reply.letter is None:  # answers nothing and has not left: there is no history to lock
        need_on_reply(actor, reply, ReplyVerb.SEND_ALSO)
        raise ConflictError
    with transaction.atomic():
        lock(reply.home)
        reply.refresh_from_db(fields=["state"])
        need_on_reply(actor, reply, ReplyVerb.SEND_ALSO)
        outgoing = reply.outgoing
        if outgoing is None:
            raise ConflictError
        lock(outgoing)
        return _ask_for_dispatch(
            reply, outgoing, actor=actor, method=method, address=address, again=True
        )


def note_portal_reading(outgoing: Letter) -> bool:
    """Record the proof, once, that the citizen has opened a reply on their page.

    Return True when this was the first time. Called by the page that shows the reply.
    """
    waiting = Dispatch.objects.filter(letter=outgoing, method__in=FOLLOWED, state="sent")
    dispatch = waiting.select_related("reply__letter").first()
    if dispatch is None or "read_at" in dispatch.proof:
        return False
    with transaction.atomic():
        lock_both(dispatch)
        dispatch = waiting.select_related("reply__letter").first()
        if dispatch is None or "read_at" in dispatch.proof:
            return False
        dispatch.proof = {**dispatch.proof, "read_at": timezone.now().isoformat()}
        dispatch.save(update_fields=["proof"])
        record_change(
            outgoing, OutgoingEvent.REPLY_READ, actor=None, rows=[dispatch], visibility="citizen"
        )
        reply_delivered(dispatch.reply, actor=None)
    return True


def lock_both(dispatch: Dispatch) -> None:
    """Lock the letter, then its answer, always in this order, which prevents deadlocks."""
    lock_answered(dispatch.reply)
    lock(dispatch.reply.home)
    lock(dispatch.letter)


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
    change_letter(
        letter,
        kind,
        actor=actor,
        stage=stage or letter.stage,
        data={"reply": reply.pk, **(data or {})},
        rows=[reply],
    )
    tell_others(reply, kind, actor=actor, stage=stage, data=data)


def _seal_sent(
    reply: Reply, outgoing: Letter, *, actor: User, told: dict[str, Any], address: str
) -> None:
    """Complete the sending, in the transaction that took the number.

    `told`: the method, and whom the actor acts for.
    """
    method = told["method"]
    answers, letter = reply.answers, reply.letter or outgoing
    lock_answered(reply)
    lock(letter)
    again = reply.state == ReplyState.BOUNCED
    now = timezone.now()
    changes = {"outgoing": outgoing, "letter": letter, "changed_at": now}
    move(reply, ReplyState.SENT, moves=REPLY_MOVES, **changes)
    # The move changed nothing but its own columns; what was approved is what is sealed.
    reply.refresh_from_db()
    reply.letter = letter
    rows: list[Model] = [reply]
    if answers is None:
        rows += belongings(reply)
    elif not again:
        rows.append(ReplyLink.objects.create(incoming=letter, outgoing=outgoing))
    answered = answers is not None and letter.stage != Stage.CLOSED
    change_letter(
        letter,
        RoutingEvent.REPLY_SENT if answers else OutgoingEvent.LETTER_SENT,
        actor=actor,
        stage=Stage.ANSWERED if answered else letter.stage,
        data={"reply": reply.pk, "number": outgoing.number, **told},
        rows=rows,
        citizen=answers is not None,
    )
    answer_others(reply, outgoing, actor=actor, method=method, again=again)
    if reply.direction == Reply.Direction.INTERNAL:
        deliver_internally(reply, outgoing, actor=actor)
        set_reply(reply, ReplyState.DELIVERED, kind=OutgoingEvent.REPLY_DELIVERED, actor=actor)
        return
    _ask_for_dispatch(reply, outgoing, actor=actor, method=method, address=address, again=again)


def _ask_for_dispatch(
    reply: Reply, outgoing: Letter, *, actor: User, method: str, address: str, again: bool
) -> Dispatch:
    """Save the dispatch, sealed in the outgoing letter, and settle earlier failed ones.

    With the name of the person who took the letter it is handed over; without, it waits at the
    counter for a signature. Raise NotAllowedError where it waits to be sent by this very method.
    """
    if Dispatch.objects.filter(reply=reply, method=method, state="waiting").exists():
        raise NotAllowedError(_("The reply waits to leave on this way already."))
    now = timezone.now()
    dispatch = Dispatch(
        letter=outgoing,
        reply=reply,
        method=method,
        address=address,
        asked_by=actor,
        asked_at=now,
    )
    handed = method == Dispatch.Method.HANDED_OVER and bool(address)
    if handed:
        dispatch.state = DispatchState.HANDED_OVER
        dispatch.at = now
        dispatch.proof = {"by": actor.pk, "at": now.isoformat(), "to": address}
    dispatch.save(force_insert=True)
    if method in POSTED:
        PostingLine.objects.create(dispatch=dispatch)
    readers = [] if again else same_readers(reply, outgoing)
    record_change(
        outgoing,
        OutgoingEvent.DISPATCH_ASKED,
        actor=actor,
        data={"method": str(method)},
        rows=[dispatch, *settled(reply, at=now), *readers],
        changes={} if again else {"channel": channel_of(method)},
    )
    enqueue(OutgoingJob.REPLY_DISPATCH, dispatch.pk)
    if handed:
        reply_delivered(reply, actor=actor)
    return dispatch


def settled(reply: Reply, *, at: datetime) -> list[Model]:
    """Mark the dispatches on which the reply came back as settled; the caller seals the rows."""
    rows: list[Model] = []
    for row in Dispatch.objects.filter(reply=reply, state="failed", settled_at=None):
        row.settled_at = at
        row.save(update_fields=["settled_at"])
        rows.append(row)
    return rows
