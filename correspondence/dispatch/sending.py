"""Sending a reply: the delivery method and address, its number in the outgoing register, the proof.

Sending registers the outgoing letter (a signed one has its number) and queues its dispatch in one
transaction. What is slow or may fail (drawing the letter, the mail server) is done by the job:
`correspondence.dispatch.delivery`.
"""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from correspondence.acting.changing import ReplyChange, belongings, changing_reply
from correspondence.acting.verbs import ReplyVerb
from correspondence.answers.addressees import (
    AddresseeData,
    first_email,
    further_letters,
    lock_answered,
    recipients_of,
)
from correspondence.dispatch.changing import changing_dispatch, reply_delivered, set_reply
from correspondence.dispatch.sms import sms_number
from correspondence.dispatch.undelivered import WRONG_ADDRESS
from correspondence.kinds import OutgoingEvent, OutgoingJob
from correspondence.models.dispatch import Dispatch, PostingLine, PostingList
from correspondence.models.replies import Reply
from correspondence.models.states import DispatchState, ReplyState
from correspondence.replies.internal import deliver_internally
from correspondence.replies.registering import channel_of, register_outgoing, same_readers
from jobs.outbox import enqueue
from language.lines import one_line
from org.models import User
from registry.changes import lock, record_change
from registry.models.events import LetterEvent
from registry.models.letters import Letter, ReplyLink
from registry.states import ConflictError, Stage
from routing.acting.errors import NotAllowedError
from routing.kinds import RoutingEvent

FOLLOWED: Final = (Dispatch.Method.PORTAL, Dispatch.Method.SMS)  # read on the citizen's page


def send_reply(reply: Reply, *, actor: User, method: str, address: str = "") -> Letter:
    """Register an approved reply in the outgoing register and send it; return that letter.

    `method` is one of Dispatch.Method, `address` as in `checked_address`. A reply that was signed,
    or that came back (bounced), goes out under the number that it has. Raise NotAllowedError,
    ConflictError, DepositRefusedError.
    """
    address, known = checked_address(reply, method=method, address=address), reply.state

    def sent(outgoing: Letter) -> None:
        lock_answered(reply)
        with changing_reply(reply, actor=actor, verb=ReplyVerb.SEND) as change:
            if reply.state != known:  # it has a number by now, which this copy does not know
                raise ConflictError
            _send(change, outgoing, actor=actor, method=method, address=address)

    if reply.outgoing is None:
        return register_outgoing(reply, actor=actor, method=method, address=address, then=sent)
    with transaction.atomic():
        sent(reply.outgoing)  # signed, or it came back
    return reply.outgoing


def complete_sending(
    reply: Reply, outgoing: Letter, *, actor: User | None, method: str, address: str = ""
) -> None:
    """Send an approved reply under a number that was just taken, in its transaction.

    For answers that leave at once (`at_once`): no right is checked.
    """
    lock_answered(reply)
    with changing_reply(reply, actor=None) as change:
        _send(change, outgoing, actor=actor, method=method, address=address)


def send_also(reply: Reply, *, actor: User, method: str, address: str = "") -> Dispatch:
    """Send a reply that has left by one method by a further one as well.

    Raise NotAllowedError, also where it waits to be sent by this very method.
    """
    address = checked_address(reply, method=method, address=address)
    with changing_reply(reply, actor=actor, verb=ReplyVerb.SEND_ALSO):
        if reply.outgoing is None:
            raise ConflictError
        return _create_dispatch(
            reply, reply.outgoing, actor=actor, method=method, address=address, again=True
        )


def note_portal_reading(outgoing: Letter) -> bool:
    """Record the proof, once, that the citizen has opened a reply on their page.

    Return True when this was the first time. Called by the page that shows the reply.
    """
    dispatch = _unread(outgoing)
    if dispatch is None:
        return False
    with changing_dispatch(dispatch):
        dispatch = _unread(outgoing)
        if dispatch is None:
            return False
        dispatch.proof = {**dispatch.proof, "read_at": timezone.now().isoformat()}
        dispatch.save(update_fields=["proof"])
        citizen = LetterEvent.Visibility.CITIZEN
        record_change(
            outgoing, OutgoingEvent.REPLY_READ, actor=None, rows=[dispatch], visibility=citizen
        )
        reply_delivered(dispatch.reply, actor=None)
    return True


def _unread(outgoing: Letter) -> Dispatch | None:
    """Return the dispatch to the citizen's page, while it was not opened there."""
    waiting = Dispatch.objects.filter(letter=outgoing, method__in=FOLLOWED, state="sent")
    dispatch = waiting.select_related("reply__letter").first()
    return None if dispatch is None or "read_at" in dispatch.proof else dispatch


def _send(
    change: ReplyChange, outgoing: Letter, *, actor: User | None, method: str, address: str
) -> None:
    """Complete the sending, in the transaction that took the number."""
    reply = change.reply
    answers, letter = reply.answers, reply.letter or outgoing
    again = reply.state == ReplyState.BOUNCED
    change.move(ReplyState.SENT, outgoing=outgoing, letter=letter)
    # The move changed nothing but its own columns; what was approved is what is sealed.
    reply.refresh_from_db()
    reply.letter = letter
    rows: list[Model] = [reply]
    if answers is None:
        rows += belongings(reply)
    elif not again:
        rows.append(ReplyLink.objects.create(incoming=letter, outgoing=outgoing))
    told = {"number": outgoing.number, "method": str(method), **change.behalf}
    seen = LetterEvent.Visibility
    record_change(
        letter,
        RoutingEvent.REPLY_SENT if answers else OutgoingEvent.LETTER_SENT,
        actor=actor,
        stage=Stage.ANSWERED if answers and letter.stage != Stage.CLOSED else "",
        data={"reply": reply.pk, **told},
        rows=rows,
        visibility=seen.CITIZEN if answers else seen.STAFF,
    )
    _answer_others(reply, outgoing, actor=actor, method=method, again=again)
    if reply.direction == Reply.Direction.INTERNAL:
        deliver_internally(reply, outgoing, actor=actor)
        set_reply(reply, ReplyState.DELIVERED, kind=OutgoingEvent.REPLY_DELIVERED, actor=actor)
        return
    _create_dispatch(reply, outgoing, actor=actor, method=method, address=address, again=again)


def _answer_others(
    reply: Reply, outgoing: Letter, *, actor: User | None, method: str, again: bool
) -> None:
    """Mark the further letters as answered when their reply is sent, in its transaction."""
    for letter in further_letters(reply):
        lock(letter)
        if letter.stage == Stage.VOIDED:
            continue
        linked = again or ReplyLink.objects.filter(incoming=letter, outgoing=outgoing).exists()
        link = [] if linked else [ReplyLink.objects.create(incoming=letter, outgoing=outgoing)]
        record_change(
            letter,
            RoutingEvent.REPLY_SENT,
            actor=actor,
            stage="" if letter.stage == Stage.CLOSED else Stage.ANSWERED,
            data={"reply": reply.pk, "number": outgoing.number, "method": str(method)},
            rows=link,
            visibility=LetterEvent.Visibility.CITIZEN,
        )


def _create_dispatch(
    reply: Reply, outgoing: Letter, *, actor: User | None, method: str, address: str, again: bool
) -> Dispatch:
    """Save the dispatch, sealed in the outgoing letter, and settle earlier failed ones.

    With the name of the person who took the letter it counts as handed over; without, it waits at
    the counter for a signature. Raise NotAllowedError where it waits to be sent by this method.
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
    handed = method == Dispatch.Method.HANDED_OVER and bool(address) and actor is not None
    if handed and actor:
        dispatch.state = DispatchState.HANDED_OVER
        dispatch.at = now
        dispatch.proof = {"by": actor.pk, "at": now.isoformat(), "to": address}
    dispatch.save(force_insert=True)
    if method in PostingList.WAYS:
        PostingLine.objects.create(dispatch=dispatch)
    rows = [*settled(reply, at=now), *([] if again else same_readers(reply, outgoing))]
    record_change(
        outgoing,
        OutgoingEvent.DISPATCH_ASKED,
        actor=actor,
        data={"method": str(method)},
        rows=[dispatch, *rows],
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


def ways_offered() -> list[tuple[str, Any]]:
    """Return (method, label) of each method that this office has; SMS only with a gateway."""
    closed = {Dispatch.Method.SMS.value} if settings.SMS_URL == "none" else set()
    return [(code, label) for code, label in Dispatch.Method.choices if code not in closed]


def checked_address(reply: Reply, *, method: str, address: str) -> str:
    """Return the address for this method; its first addressee's own where nothing is given.

    It is an e-mail address, a postal address, a phone number, or who takes the letter ("" while
    nobody has). Raise NotAllowedError for a method that is not offered, an address that cannot be
    one, or an addressee's own from which the letter came back.
    """
    if reply.direction == Reply.Direction.INTERNAL:
        return ""  # through the inboxes of its departments
    if method not in {code for code, _label in ways_offered()}:
        raise NotAllowedError(_("Say how the reply leaves."))
    found, given = _address_for(reply, method=method, address=address)
    own = found not in ("", given) and found != sms_number(given)
    if own and _came_back_from(reply, method=method, address=found):
        raise NotAllowedError(_("The letter came back from this address: give another one."))
    return found


def _address_for(reply: Reply, *, method: str, address: str) -> tuple[str, str]:
    """Return the address, the addressee's own where none fits the method, and what was given."""
    if reply.answers is None and method in FOLLOWED:
        raise NotAllowedError(_("A letter that answers nothing has no page of a citizen."))
    address = given = one_line(address, 400)
    to = next(iter(recipients_of(reply)), AddresseeData())
    if method == Dispatch.Method.EMAIL:
        address = address or first_email(reply)
        try:
            validate_email(address)
        except ValidationError as error:
            raise NotAllowedError(_("Give a valid e-mail address.")) from error
    elif method in PostingList.WAYS:
        address = address if _is_postal(address) else to.address
        if not address:
            raise NotAllowedError(_("Give the postal address."))
    elif method == Dispatch.Method.SMS:
        address = sms_number(address) or sms_number(to.phone)
        if not address:
            raise NotAllowedError(_("Give a valid phone number."))
    return address, given


def _came_back_from(reply: Reply, *, method: str, address: str) -> bool:
    """Return whether the reply came back from this address, which does not reach its addressee."""
    return any(
        row.address.casefold() == address.casefold() and row.proof.get("problem") in WRONG_ADDRESS
        for row in Dispatch.objects.filter(reply=reply, method=method, state="failed")
    )


def _is_postal(address: str) -> bool:
    """Return whether these words may be a postal address; an e-mail address from a form is none."""
    return bool(address) and "@" not in address
