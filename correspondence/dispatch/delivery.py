"""The job that dispatches a registered reply: draws it, sends it, keeps the proof.

Two rounds of one job. The first draws the letter with its number and puts it into the register;
the second sends it. So a mail server that is away never makes the letter be drawn again.
"""

import io
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.answers.addressees import answered_by, registered_words
from correspondence.dispatch.changing import changing_dispatch, close_outgoing, set_reply
from correspondence.dispatch.closing import WITHOUT_PROOF, close_delivered
from correspondence.dispatch.posting import posting_proof
from correspondence.dispatch.sender_messages import notify_of_answer
from correspondence.dispatch.sms import send_sms
from correspondence.dispatch.undelivered import came_back
from correspondence.kinds import OutgoingEvent, OutgoingJob
from correspondence.models.dispatch import Dispatch
from correspondence.models.states import DispatchState, ReplyState
from correspondence.replies.archival_form import PDF, archival_name
from correspondence.replies.paper import draw_reply, file_paper, paper_of
from jobs.errors import Permanent, Unavailable
from jobs.mailing import mail_leaves, send
from jobs.outbox import enqueue
from org.institution import mail_sender
from org.signs import set_apart
from registry.bounces import mail_name
from registry.changes import lock, move_stage
from registry.files.receiving import Stored
from registry.files.vault import get_vault, store
from registry.kinds import RegistryEvent
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import Stage
from routing.closing.satisfaction import rating_token
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.states import LIVE

GIVE_UP_AFTER = timedelta(days=3)  # a server that says "later" for so long counts as a refusal


@dataclass(frozen=True, slots=True)
class Drawn:
    """The letter drawn on paper, in the vault."""

    stored: Stored


@dataclass(frozen=True, slots=True)
class Left:
    """The dispatch succeeded, with the proof (plain JSON)."""

    proof: dict[str, Any]


def dispatch_work(dispatch_id: str, _progress: Any) -> Drawn | Left | None:
    """Do one round for a dispatch; return None when nothing is left to do.

    At least once: a worker that is killed between the server's acceptance and the save sends again,
    under the same Message-ID. Raise jobs.errors.Permanent and Unavailable.
    """
    dispatch = Dispatch.objects.select_related("letter__register", "reply__letter").get(
        pk=dispatch_id
    )
    if _overtaken(dispatch):
        return None
    if dispatch.letter.stage == Stage.VOIDED:
        raise Permanent("voided", "The outgoing letter was voided before it left.")
    if dispatch.reply.file_id is None and not paper_of(dispatch.letter):
        return Drawn(store(io.BytesIO(draw_reply(dispatch.reply, dispatch.letter))))
    if dispatch.state == DispatchState.HANDED_OVER:
        return None
    proof = _carried(dispatch)
    return Left(proof) if proof else None


def _carried(dispatch: Dispatch) -> dict[str, Any]:
    """Send it by its method; return the proof that it was sent.

    The proof is empty while a person has to act: close the list for the post office, hand it over
    at the counter.
    """
    if dispatch.method == Dispatch.Method.EMAIL:
        return _send(dispatch)
    if dispatch.method == Dispatch.Method.PORTAL:
        return {"published_at": timezone.now().isoformat()}
    if dispatch.method == Dispatch.Method.SMS:
        return send_sms(dispatch, patient=is_patient(dispatch))
    return posting_proof(dispatch)


def is_patient(dispatch: Dispatch) -> bool:
    """Return whether to go on waiting for a server or gateway that says "later"."""
    return timezone.now() - dispatch.asked_at <= GIVE_UP_AFTER


def save_dispatch(dispatch_id: str, outcome: Drawn | Left | None) -> None:
    """Save what a round produced, in the transaction that ends the job."""
    if outcome is None:
        return
    dispatch = Dispatch.objects.select_related("letter", "reply__letter").get(pk=dispatch_id)
    with changing_dispatch(dispatch) as change:
        if isinstance(outcome, Drawn):
            file_paper(dispatch.letter, outcome.stored)
            enqueue(OutgoingJob.REPLY_DISPATCH, dispatch.pk)
            return
        change.move(DispatchState.SENT, proof=outcome.proof, at=timezone.now())
        seen = LetterEvent.Visibility.CITIZEN
        change.record(OutgoingEvent.DISPATCHED, data={"method": dispatch.method}, visibility=seen)
        close_outgoing(dispatch.letter)
        reply = dispatch.reply
        if reply.state == ReplyState.BOUNCED:
            stage = Stage.ANSWERED
            set_reply(reply, ReplyState.SENT, kind=RoutingEvent.REPLY_LEFT, actor=None, stage=stage)
        for answered in answered_by(reply):
            _close_if_settled(answered)
            notify_of_answer(answered, method=dispatch.method)
        if dispatch.method in WITHOUT_PROOF:
            close_delivered(reply)


def dispatch_parked(dispatch_id: str, code: str) -> None:
    """Record on dispatch, reply and answered letter that it cannot be sent by this method."""
    dispatch = Dispatch.objects.select_related("letter", "reply__letter").get(pk=dispatch_id)
    with changing_dispatch(dispatch) as change:
        if dispatch.state == DispatchState.WAITING:
            came_back(change, code, proof={"problem": code})


def _overtaken(dispatch: Dispatch) -> bool:
    """Return whether it was sent already, or returned and since sent anew by a person."""
    if dispatch.state in (DispatchState.SENT, DispatchState.DELIVERED):
        return True
    return dispatch.state == DispatchState.FAILED and dispatch.settled_at is not None


def _close_if_settled(letter: Letter) -> None:
    """Close an answered letter whose departments have all signed off, once its reply is sent."""
    lock(letter)
    actions = Assignment.objects.filter(letter=letter, role=Assignment.Role.ACTION)
    done = actions.filter(state="signed_off").exists()
    if letter.stage == Stage.ANSWERED and done and not actions.filter(state__in=LIVE).exists():
        move_stage(letter, Stage.CLOSED, actor=None, kind=RegistryEvent.CLOSED)


def _send(dispatch: Dispatch) -> dict[str, Any]:
    """Give the message to the mail server; return the proof that it was accepted.

    Without a mail server it waits: what is printed or kept as a file has reached nobody.
    """
    if not mail_leaves():
        raise Unavailable("no_mail_server", "No mail server is set (EMAIL_URL).")
    message = _message(dispatch)
    send(message, patient=is_patient(dispatch))
    return {
        "message_id": message.extra_headers["Message-ID"],
        "server": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
        "accepted_at": timezone.now().isoformat(),
    }


def _message(dispatch: Dispatch) -> EmailMessage:
    letter, reply = dispatch.letter, dispatch.reply
    with override(letter.language or "fr"):
        sender, footer = mail_sender(), registered_words(reply, letter)
        subject = f"{reply.subject} – {set_apart(letter.number)}"
        if reply.answers:
            token = rating_token(reply.answers.pk)
            asked = _("How was our answer? One tap: %(address)s") % {
                "address": f"{settings.PUBLIC_URL}/rate/{token}/"
            }
            footer = f"{footer}\n{asked}"
        body = f"{reply.body}\n\n-- \n{footer}\n" if reply.body else f"{footer}\n"
    name = mail_name(dispatch.pk, letter.pk)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage(
        subject=subject,
        body=body,
        from_email=sender,
        to=[dispatch.address],
        headers={"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "no"},
    )
    name, sha256, media_type = _attachment(dispatch)
    with get_vault().open(sha256) as stream:
        message.attach(name, stream.read(), media_type)
    return message


def _attachment(dispatch: Dispatch) -> tuple[str, str, str]:
    """Return name, SHA-256 and media type of the attachment."""
    reply = dispatch.reply
    if reply.archive_file and not reply.signed_file_id:
        return archival_name(reply), reply.archive_file.sha256, PDF
    if reply.file and not reply.signed_file_id:
        return reply.file_name, reply.file.sha256, reply.file.media_type
    paper = paper_of(dispatch.letter)
    if paper is None:  # the first round has drawn it
        raise Permanent("no_paper", "The drawn letter is missing.")
    return paper.title, paper.file.sha256, paper.media_type
