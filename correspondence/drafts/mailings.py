"""Mailings: one text to many addressees, each with a reply of their own, all done by a job.

The text is a template or a text with fields; the replies answer a letter, or are letters of the
department's own. Every operation on a mailing is done with one reply after the other, each in its
own transaction: what fails for one is recorded on its line, and stops no other.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from correspondence.acting.rights import reply_verbs_on, situation_before
from correspondence.acting.verbs import ReplyVerb
from correspondence.answers.addressees import AddresseeData, check
from correspondence.dispatch.sending import send_reply
from correspondence.drafts.fresh import draft_letter, may_write
from correspondence.forms.fields import values_for
from correspondence.forms.grammar import TemplateRefused
from correspondence.forms.keeping import Filled, fill_text, fill_version
from correspondence.forms.refusals import refusal_words
from correspondence.kinds import OutgoingJob
from correspondence.models.dispatch import Dispatch
from correspondence.models.drafts import Mailing, MailingLine
from correspondence.models.forms import TemplateVersion
from correspondence.models.states import ReplyState
from correspondence.replies.circuit import approve_reply, submit_reply
from correspondence.replies.drafting import department_of, draft_reply
from jobs.outbox import enqueue
from org.models import Department, User
from org.people import permissions_of
from registry.models.letters import Letter
from registry.refusals import DepositRefusedError
from registry.states import ConflictError
from routing.acting.access import need
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb

MOST: Final = 500
AT_ONCE: Final = 20  # letters filled by one child process
_LEFT: Final = (ReplyState.SENT, ReplyState.DELIVERED)
_READY: Final = (ReplyState.APPROVED, ReplyState.SIGNED, ReplyState.BOUNCED)
# The verb on a reply that each operation is, and the states in which a reply waits for it.
_WAITS: Final[dict[str, tuple[ReplyVerb, Collection[str]]]] = {
    Mailing.Deed.SUBMIT: (ReplyVerb.SUBMIT, (ReplyState.DRAFT,)),
    Mailing.Deed.APPROVE: (ReplyVerb.APPROVE, (ReplyState.SUBMITTED,)),
    Mailing.Deed.SEND: (ReplyVerb.SEND, _READY),
}


def make_mailing(
    *,
    actor: User,
    department: Department,
    addressees: Sequence[AddresseeData],
    subject: str,
    body: str = "",
    version: TemplateVersion | None = None,
    letter: Letter | None = None,
    confidentiality: int = 0,
    language: str = "",
    pk: UUID | None = None,
) -> Mailing:
    """Queue a reply to each of 1 to 500 addressees; raise NotAllowedError where refused.

    `pk`: the id that the mailing gets.
    """
    _check(addressees, says=bool(subject.strip() and (version or body.strip())))
    if letter:
        department = department_of(need(actor, letter, LetterVerb.DRAFT_REPLY).mine)
    else:
        may_write(actor, department, confidentiality=confidentiality)
    with transaction.atomic():
        mailing = Mailing.objects.create(
            pk=pk or uuid4(),
            letter=letter,
            department=department,
            author=actor,
            subject=subject.strip()[:500],
            body=body,
            version=version,
            confidentiality=confidentiality,
            language=version.template.language if version else language,
            doing=Mailing.Deed.MAKE,
            asked_by=actor,
            made_at=timezone.now(),
        )
        _write_lines(mailing, addressees)
        enqueue(OutgoingJob.MAILING_CARRY, mailing.pk)
    return mailing


def _write_lines(mailing: Mailing, addressees: Sequence[AddresseeData]) -> None:
    MailingLine.objects.bulk_create(
        MailingLine(mailing=mailing, position=position, **to.columns())
        for position, to in enumerate(addressees, start=1)
    )


def _check(addressees: Sequence[AddresseeData], *, says: bool) -> None:
    if not 1 <= len(addressees) <= MOST:
        raise NotAllowedError(_("A mailing goes to 1 to 500 addressees."))
    for to in addressees:
        check(to)
    if not says:
        raise NotAllowedError(_("A mailing needs a subject, and a text or a template."))


def actions_on(mailing: Mailing, viewer: User) -> set[str]:
    """Return the actions that this person may request: all where they write for its department.

    Others may request what the first reply that waits for it lets them do.
    """
    level = permissions_of(viewer).department_level(mailing.department.code)
    if level >= mailing.confidentiality:
        return set(Mailing.Deed.values)
    return {deed for deed, (verb, states) in _WAITS.items() if _has(mailing, viewer, verb, states)}


def _has(mailing: Mailing, viewer: User, verb: ReplyVerb, states: Collection[str]) -> bool:
    waiting = mailing.replies.filter(state__in=states).select_related("department", "letter")
    reply = waiting.order_by("created_at", "id").first()
    now = situation_before(viewer, reply) if reply else None
    return reply is not None and now is not None and verb in reply_verbs_on(now, reply)


def ask(mailing: Mailing, *, deed: str, actor: User, method: str = "") -> None:
    """Have every reply of the mailing made (those that failed), submitted, approved or sent.

    Raise NotAllowedError where `deeds_of` lacks it, and ConflictError while something is under
    way. The actor's right is checked for each reply besides.
    """
    if deed not in Mailing.Deed.values:
        raise NotAllowedError(_("This is nothing that is done with a mailing."))
    if deed not in actions_on(mailing, actor):
        raise NotAllowedError(_("You may read this mailing, but not do this with it."))
    if deed == Mailing.Deed.SEND and method not in Dispatch.Method.values:
        raise NotAllowedError(_("Say how the reply leaves."))
    with transaction.atomic():
        rows = Mailing.objects.filter(pk=mailing.pk, doing="")
        if not rows.update(doing=deed, method=method, asked_by=actor):
            raise ConflictError
        enqueue(OutgoingJob.MAILING_CARRY, mailing.pk)
    mailing.doing, mailing.method = deed, method


def carry_work(mailing_id: str, progress: Any) -> str:
    """Do the job's work: the operation on each reply, each in its own transaction. Repeatable."""
    rows = Mailing.objects.select_related("asked_by", "department", "letter", "version__template")
    mailing = rows.get(pk=mailing_id)
    actor = mailing.asked_by
    if not mailing.doing or actor is None:
        return ""
    total = mailing.lines.count()
    with override(actor.language):
        for done, line in enumerate(_lines(mailing, actor), start=1):
            if mailing.doing != Mailing.Deed.MAKE:
                _carry(mailing, line, actor)
            progress(done, total)
    return str(mailing.doing)


def save_carried(mailing_id: str, deed: str) -> None:
    """Do the job's save: the mailing is free for the next operation."""
    Mailing.objects.filter(pk=mailing_id, doing=deed).update(doing="")


def mailing_parked(mailing_id: str, _code: str) -> None:
    """Record that the job gave up: what was done stays, and the rest may be requested again."""
    Mailing.objects.filter(pk=mailing_id).update(doing="")


def _lines(mailing: Mailing, actor: User) -> Iterator[MailingLine]:
    """Yield the lines of the mailing, in batches; lines without a reply get one first."""
    last = 0
    rows = mailing.lines.select_related("reply__letter", "reply__department", "reply__file")
    while batch := list(rows.filter(position__gt=last)[:AT_ONCE]):
        last = batch[-1].position
        if mailing.doing == Mailing.Deed.MAKE:
            _write(mailing, [line for line in batch if line.reply_id is None], actor)
        yield from batch


def _write(mailing: Mailing, lines: list[MailingLine], actor: User) -> None:
    if not lines:
        return
    values = [
        values_for(
            department=mailing.department,
            author=mailing.author,
            language=mailing.language or "fr",
            letter=mailing.letter,
            to=_to(line),
            subject=mailing.subject,
        )
        for line in lines
    ]
    try:
        if mailing.version:
            letters = fill_version(mailing.version, values, name=mailing.subject)
        else:
            letters = fill_text(mailing.body, values)
    except TemplateRefused as refused:
        for line in lines:
            _note(line, refusal_words(refused))
        return
    for line, filled in zip(lines, letters, strict=True):
        _draft(mailing, line, filled, actor)


def _draft(mailing: Mailing, line: MailingLine, filled: Filled, actor: User) -> None:
    words: dict[str, Any] = {
        "actor": actor,
        "subject": mailing.subject,
        "body": filled.text,
        "file": filled.file,
        "addressees": [_to(line)],
        "language": mailing.language,
        "mailing": mailing,
    }
    try:
        with transaction.atomic():
            if mailing.letter:
                line.reply = draft_reply(mailing.letter, **words)
            else:
                line.reply = draft_letter(
                    department=mailing.department,
                    confidentiality=mailing.confidentiality,
                    **words,
                )
            line.problem = ""
            line.save(update_fields=["reply", "problem"])
    except (NotAllowedError, ConflictError, DepositRefusedError) as error:
        line.reply = None
        _note(line, _words(error))


def _carry(mailing: Mailing, line: MailingLine, actor: User) -> None:
    reply = line.reply
    if reply is None:
        return
    try:
        if mailing.doing == Mailing.Deed.SUBMIT and reply.state == ReplyState.DRAFT:
            submit_reply(reply, actor=actor)
        elif mailing.doing == Mailing.Deed.APPROVE and reply.state == ReplyState.SUBMITTED:
            approve_reply(reply, actor=actor)
        elif mailing.doing == Mailing.Deed.SEND and reply.state not in _LEFT:
            handed = mailing.method == Dispatch.Method.HANDED_OVER
            address = line.shown_name if handed else line.email
            send_reply(reply, actor=actor, method=mailing.method, address=address)
        _note(line, "")
    except (NotAllowedError, ConflictError, DepositRefusedError) as error:
        _note(line, _words(error))


def _words(error: Exception) -> str:
    if isinstance(error, DepositRefusedError):
        return " ".join(refusal.words() for refusal in error.refusals)
    if isinstance(error, ConflictError):
        return str(_("Someone was faster: this reply has moved on."))
    return str(error)


def _note(line: MailingLine, problem: str) -> None:
    """Record on the line why it failed, or that no problem is left."""
    if line.problem != problem[:300]:
        line.problem = problem[:300]
        line.save(update_fields=["problem"])


def _to(line: MailingLine) -> AddresseeData:
    return AddresseeData(
        name=line.name,
        organisation=line.organisation,
        address=line.address,
        email=line.email,
        phone=line.phone,
    )
