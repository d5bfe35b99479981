"""Registration of one mail copied from the server: registered, kept, or set aside with a reason."""

from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from channels.kinds import ChannelJob
from channels.mailbox.again import how_read, reads_otherwise
from channels.mailbox.digest import deposit_key_of, digest_of
from channels.mailbox.headers import (
    Mail,
    date_of,
    message_id_of,
    references_of,
    sender_of,
    text_of,
)
from channels.mailbox.judging import Judgement, judge
from channels.mailbox.models import MailItem
from channels.mailbox.threads import answered_letter, numbered_letters, sent_letter
from jobs.errors import Unavailable
from jobs.outbox import enqueue
from registry.files.kinds import EML, RefusedError
from registry.files.receiving import VaultError
from registry.files.vault import store
from registry.intake import IncomingFile, LetterData, PartyData, Received, receive_letter
from registry.mails import attachments_of, parts_of
from registry.models.letters import Channel, Letter, Party
from registry.refusals import PASSING, DepositRefusedError
from registry.states import ConflictError
from registry.tnef import MARK

Kind, State = MailItem.Kind, MailItem.State
MAX_ATTEMPTS: Final = 3  # a mail that ended the process so often is set aside
_NOT_KEPT: Final = {"infected"}  # stays on the server alone
_OLDEST: Final = timedelta(days=3650)  # a Date header further back is a wrong clock


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail on disk with its classification."""

    path: Path
    parts: list[Mail]
    digest: str
    judgement: Judgement
    references: list[str] = field(default_factory=list)

    @property
    def mail(self) -> Mail:
        """The mail's own headers."""
        return self.parts[0]


def take_in(item: MailItem, path: Path) -> None:
    """Decide and carry out what becomes of the mail; its row records it in the same transaction.

    Idempotent at any point. Raise jobs' Unavailable while vault or scanner are unavailable.
    """
    attempts = item.attempts + 1
    if attempts > MAX_ATTEMPTS:
        set_aside(item, "crashed", path)
        return
    MailItem.objects.filter(pk=item.pk).update(attempts=attempts)
    try:
        _decide(item, path)
    except (Unavailable, DatabaseError):  # not the mail's fault
        MailItem.objects.filter(pk=item.pk).update(attempts=item.attempts)
        raise


def _decide(item: MailItem, path: Path) -> None:
    try:
        opened = open_mail(path)
    except RefusedError as error:
        set_aside(item, error.code, path)
        return
    if item.forced or opened.judgement.kind == Kind.LETTER:
        _register(item, opened)
    else:
        _keep(item, opened)


def open_mail(path: Path) -> Opened:
    """Read the mail's parts and classify it; raise RefusedError for one that is an attack."""
    parts = parts_of(path)
    digest = digest_of(path, parts[0])
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return Opened(path, parts, digest, judge(parts, own=own), references_of(parts[0]))


def _register(item: MailItem, opened: Opened) -> None:
    if not _says_anything(opened):
        set_aside(item, "no_text", opened.path, opened=opened)
        return
    about = answered_letter(opened.references, text_of(opened.mail, "Subject"))
    try:
        received = _received(item, opened, about, opened.digest)
        if not received.created and reads_otherwise(received.letter, opened.mail):
            received = _received(item, opened, about, f"{opened.digest} {how_read(opened.mail)}")
    except DepositRefusedError as error:
        _refused(item, opened, error)
        return
    except ConflictError:  # another worker has brought this very mail to its end
        return
    if not received.created:
        _finish_again(item, opened, received.letter)


def _received(item: MailItem, opened: Opened, about: Letter | None, digest: str) -> Received:
    with opened.path.open("rb") as stream:
        return receive_letter(
            _letter_data(item, opened, about),
            actor=None,
            files=[IncomingFile("mail.eml", stream)],
            deposit_key=deposit_key_of(digest),
            key_says_all=True,
            then=lambda letter: _finish(item, opened, letter, about=about),
        )


def _refused(item: MailItem, opened: Opened, error: DepositRefusedError) -> None:
    codes = [refusal.code for refusal in error.refusals]
    if away := next((code for code in codes if code in PASSING), ""):
        raise Unavailable(away, "Vault, virus scanner or readers are away.") from error
    set_aside(item, codes[0], opened.path, opened=opened)


def _letter_data(item: MailItem, opened: Opened, about: Letter | None) -> LetterData:
    name, address = sender_of(opened.mail)
    written, now = date_of(opened.mail), timezone.now()
    sure = written is not None and now - _OLDEST < written <= now + timedelta(days=1)
    notes: dict[str, Any] = {"mail": {"uid": item.uid, "uidvalidity": item.uidvalidity}}
    if about is not None:
        notes["answers"] = about.number
    if opened.judgement.automatic:
        notes["automatic"] = True
    return LetterData(
        channel=Channel.EMAIL,
        subject=text_of(opened.mail, "Subject"),
        parties=[PartyData(Party.Role.SENDER, name=name, email=address)] if name or address else [],
        document_date=timezone.localdate(written) if written and sure else None,
        received_at=min(item.arrived_at, now),
        notes=notes,
    )


def _says_anything(opened: Opened) -> bool:
    """Return whether there is a word of text or a file in it."""
    for part in opened.parts:
        content = part.get_payload(decode=True) if not part.is_multipart() else None
        if not isinstance(content, bytes):
            continue
        if content.startswith(MARK):  # the words of an Outlook mail may stand in it alone
            return True
        if part.get_content_maintype() == "text" and content.strip():
            return True
    return any(one.content for one in attachments_of(opened.path, EML))


def _finish(item: MailItem, opened: Opened, letter: Letter, *, about: Letter | None) -> None:
    """Finish the row, in the transaction that took the number."""
    changed = MailItem.objects.filter(pk=item.pk, state=State.COMING).update(
        state=State.REGISTERED,
        kind=Kind.LETTER,
        letter_id=letter.pk,
        about=about,
        **_known(opened),
    )
    if not changed:
        raise ConflictError


def _finish_again(item: MailItem, opened: Opened, letter: Letter) -> None:
    """Finish the row of a mail registered before: under another UID, or in a round that died."""
    MailItem.objects.filter(pk=item.pk, state=State.COMING).update(
        state=State.REGISTERED, kind=Kind.AGAIN, letter=letter, **_known(opened)
    )


def _keep(item: MailItem, opened: Opened) -> None:
    """Store a mail that is no letter in the vault, and pass a bounce on to whom it concerns."""
    sha256 = _stored(opened.path)
    judgement = opened.judgement
    earlier = MailItem.objects.filter(digest=opened.digest, state=State.KEPT).exclude(pk=item.pk)
    again = earlier.exists()
    about = _reported_letter(opened)
    with transaction.atomic():
        changed = MailItem.objects.filter(pk=item.pk, state=State.COMING).update(
            state=State.KEPT,
            kind=Kind.AGAIN if again else judgement.kind,
            sha256=sha256,
            about=about,
            bounce=_bounce_data(judgement),
            looked_at=timezone.now() if again else None,
            **_shown(opened),
        )
        if changed and not again and judgement.kind == Kind.BOUNCE and about is not None:
            enqueue(ChannelJob.MAIL_BOUNCED, item.pk)


def _reported_letter(opened: Opened) -> Letter | None:
    """Return our letter that a report or an automatic reply is about."""
    report = opened.judgement.report
    if found := sent_letter(report.message_id):
        return found
    named = numbered_letters(report.subject) or numbered_letters(text_of(opened.mail, "Subject"))
    outgoing = [letter for letter in named if letter.register.direction == "out"]
    if len(outgoing) == 1:
        return outgoing[0]
    return answered_letter(opened.references, "")


def _bounce_data(judgement: Judgement) -> dict[str, str]:
    report = judgement.report
    if judgement.kind != Kind.BOUNCE:
        return {}
    return {
        "message_id": report.message_id,
        "recipient": report.recipient,
        "status": report.status,
    }


def set_aside(
    item: MailItem, code: str, path: Path | None, *, opened: Opened | None = None
) -> None:
    """Set the mail aside unregistered, with the reason; its bytes are kept where allowed."""
    sha256 = _stored(path) if path is not None and code not in _NOT_KEPT else ""
    MailItem.objects.filter(pk=item.pk, state=State.COMING).update(
        state=State.SET_ASIDE,
        reason=code,
        sha256=sha256,
        **(_shown(opened) if opened else {}),
    )


def _stored(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return store(stream).sha256
    except VaultError as error:
        raise Unavailable(error.refusal, "The vault is away.") from error


def _known(opened: Opened) -> dict[str, Any]:
    return {
        "digest": opened.digest,
        "message_id": message_id_of(opened.mail),
        "reason": "",
        "sender": "",
        "subject": "",
    }


def _shown(opened: Opened) -> dict[str, Any]:
    name, address = sender_of(opened.mail)
    shown = {"sender": (address or name)[:254], "subject": text_of(opened.mail, "Subject")}
    return {"digest": opened.digest, "message_id": message_id_of(opened.mail), **shown}
