"""The job `reply.sign`: the paper of a signed reply is drawn, signed and filed, exactly once."""

import io
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from correspondence.acting.changing import changing_reply
from correspondence.kinds import OutgoingEvent
from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from correspondence.models.steps import Act, ReplyStep, SignatureLevel, StepState
from correspondence.replies.paper import draw_reply, paper_name
from correspondence.replies.stamping import lasts, stamped_file
from jobs.errors import Permanent, Unavailable
from jobs.outbox import enqueue
from registry.book.signing import TimestampAwayError, key_of, pades, timestamper
from registry.changes import lock, record_change
from registry.drawn_papers import paper_row
from registry.files.receiving import Stored, VaultError
from registry.files.vault import store
from registry.kinds import RegistryJob
from registry.models.documents import Document
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.states import Stage

PROBLEMS: dict[str, Any] = {
    "timestamp_away": _("The timestamp authority cannot be reached; the signature waits."),
    "pdf_awaited": _("The file is being turned into PDF; the signature waits."),
    "not_a_pdf": _("The file could not be turned into PDF."),
    "no_key": _("The signing key cannot be used."),
}


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """The signed PDF, in the vault, and how far it is archival (Reply.ArchivalLevel)."""

    stored: Stored
    level: str


def sign_work(reply_id: str, _progress: Any) -> SignedPaper | None:
    """Draw and sign the paper; return None when it is there already.

    It may be repeated: nothing is kept but bytes in the vault. Raise jobs.errors.Permanent and
    Unavailable.
    """
    rows = Reply.objects.select_related(
        "letter", "department", "outgoing__register", "file", "archive_file"
    )
    reply = rows.get(pk=reply_id)
    if reply.signed_file_id or reply.state != ReplyState.SIGNED or reply.outgoing is None:
        return None
    if reply.outgoing.stage == Stage.VOIDED:
        raise Permanent("voided", "The outgoing letter was voided before it was signed.")
    step = signature_of(reply)
    try:
        if reply.file_id:
            pdf = stamped_file(reply, reply.outgoing, step)
        else:
            pdf = draw_reply(reply, reply.outgoing)
        pdf = _signed(pdf, step)
        lasting = reply.archive_level or Reply.ArchivalLevel.TEXT
        return SignedPaper(
            store(io.BytesIO(pdf)), lasting if lasts(pdf) else Reply.ArchivalLevel.AS_IS
        )
    except VaultError as error:
        raise Unavailable("vault", "The vault cannot be reached.") from error


def signature_of(reply: Reply) -> ReplyStep:
    """Return the step by which the reply was signed."""
    rows = ReplyStep.objects.select_related("done_by", "for_person", "picture")
    done = rows.filter(reply=reply, act=Act.SIGNATURE, state=StepState.DONE)
    return done.latest("round", "position")


def _signed(pdf: bytes, step: ReplyStep) -> bytes:
    if step.level not in (SignatureLevel.PADES_B, SignatureLevel.PADES_T) or not step.done_by:
        return pdf
    key = key_of(step.done_by.username)
    if key is None:
        raise Permanent("no_key", "There is no key to sign with.")
    authority = timestamper() if step.level == SignatureLevel.PADES_T else None
    if step.level == SignatureLevel.PADES_T and authority is None:
        raise Unavailable("timestamp_away", "No timestamp authority is set any more.")
    try:
        return pades(pdf, key=key, timestamper=authority, name=step.done_by.shown_name)
    except TimestampAwayError as error:
        raise Unavailable("timestamp_away", "The timestamp authority is away.") from error
    except ImproperlyConfigured as error:
        raise Permanent("no_key", "The key cannot be opened.") from error


def save_signed(reply_id: str, result: SignedPaper | None) -> None:
    """File the paper as the main document of the outgoing letter, in the job's transaction."""
    reply = Reply.objects.select_related("letter", "outgoing", "department").get(pk=reply_id)
    if result is None or reply.outgoing is None:
        return
    outgoing = reply.outgoing
    with changing_reply(reply, actor=None) as change:
        lock(outgoing)
        reply.refresh_from_db()
        if reply.signed_file_id:
            return
        file = _file_paper(outgoing, result.stored)
        reply.signed_file, reply.archive_level = file, result.level
        reply.save(update_fields=["signed_file", "archive_level"])
        told = {"sha256": file.sha256, "archive": result.level}
        change.record(OutgoingEvent.SIGNATURE_FILED, data=told)
        enqueue(RegistryJob.LETTER_READ, outgoing.pk)


def _file_paper(outgoing: Letter, stored: Stored) -> StoredFile:
    """Make the signed paper the main document of the outgoing letter; return its file."""
    earlier = list(Document.objects.filter(letter=outgoing, role=Document.Role.MAIN))
    for document in earlier:  # as it was typed or uploaded: the signed one is the letter now
        document.role = Document.Role.ENCLOSURE
        document.save(update_fields=["role"])
    paper = paper_row(outgoing, stored, title=paper_name(outgoing))
    rows: list[Model] = [paper, paper.file, *earlier]
    record_change(outgoing, OutgoingEvent.SIGNATURE_FILED, actor=None, rows=rows)
    return paper.file


def sign_parked(reply_id: str, code: str) -> None:
    """Record in the history that it cannot be drawn or signed; a person can have it retried."""
    reply = Reply.objects.select_related("letter", "department").get(pk=reply_id)
    with changing_reply(reply, actor=None) as change:
        change.record(OutgoingEvent.SIGNATURE_FAILED, data={"problem": code})
