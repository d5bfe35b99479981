"""Letters that answer nothing: drafted in a department, outgoing or from one unit to another."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from correspondence.acting.changing import ReplyChange, changing_reply
from correspondence.acting.verbs import ReplyVerb
from correspondence.answers.addressees import AddresseeData, checked, write_down
from correspondence.kinds import OutgoingEvent
from correspondence.models.drafts import Addressee, Mailing
from correspondence.models.replies import Reply
from correspondence.replies.archival_form import archival_data
from correspondence.replies.drafting import keep_file, words_of
from org.models import Department, Level, User
from org.people import permissions_of
from registry.intake import IncomingFile
from routing.acting.errors import NotAllowedError


def draft_letter(
    *,
    department: Department,
    actor: User,
    subject: str,
    body: str,
    addressees: Sequence[AddresseeData],
    direction: str = Reply.Direction.OUTGOING,
    file: IncomingFile | None = None,
    confidentiality: int = Level.ORDINARY,
    language: str = "",
    answer_by: date | None = None,
    mailing: Mailing | None = None,
    pk: UUID | None = None,
) -> Reply:
    """Begin a letter of the department's own, which is approved and numbered as a reply is.

    `answer_by`: of an internal letter; `pk`: its id. Raise NotAllowedError and DepositRefusedError.
    """
    may_write(actor, department, confidentiality=confidentiality)
    to, now = checked(addressees, direction=direction), timezone.now()
    kept = keep_file(file, language=language)
    with transaction.atomic():
        reply = Reply(
            pk=pk or uuid4(),
            department=department,
            author=actor,
            direction=direction,
            confidentiality=confidentiality,
            language=language,
            answer_by=_day(answer_by, direction=direction),
            mailing=mailing,
            created_at=now,
            changed_at=now,
            **(kept | words_of(subject, body, letter=None, has_file=kept["file"] is not None)),
        )
        reply.save(force_insert=True)
        rows, told = write_down(reply, to), archival_data(reply)
        ReplyChange(reply, actor).record(OutgoingEvent.LETTER_DRAFTED, data=told, rows=rows)
    return reply


def may_write(actor: User, department: Department, *, confidentiality: int) -> None:
    """Raise NotAllowedError unless the actor may write letters of this level for the department."""
    level = permissions_of(actor).department_level(department.code)
    if level < 0 or not department.active:
        raise NotAllowedError(_("You write letters in the name of your own department only."))
    if confidentiality not in Level.values or confidentiality > level:
        raise NotAllowedError(_("You may not write letters of this confidentiality."))


def readdress(
    reply: Reply,
    *,
    actor: User,
    addressees: Sequence[AddresseeData],
    confidentiality: int,
    answer_by: date | None = None,
    seen: datetime | None = None,
) -> Reply:
    """Change the addressees and the confidentiality of a draft that answers nothing.

    Raise what `changing_reply` raises.
    """
    may_write(actor, reply.department, confidentiality=confidentiality)
    rows = checked(addressees, direction=reply.direction)
    with changing_reply(reply, actor=actor, verb=ReplyVerb.EDIT, seen=seen) as change:
        if reply.letter_id:
            raise NotAllowedError(_("A reply goes to who wrote the letter."))
        Addressee.objects.filter(reply=reply).delete()  # sealed nowhere until it is sent
        day = _day(answer_by, direction=reply.direction)
        change.write(confidentiality=confidentiality, answer_by=day)
        change.record(OutgoingEvent.REPLY_EDITED, rows=write_down(reply, rows))
    return reply


def _day(answer_by: date | None, *, direction: str) -> date | None:
    """Return the day by which an internal letter wants its answer.

    Raise NotAllowedError for a day that is over.
    """
    if direction != Reply.Direction.INTERNAL or answer_by is None:
        return None
    if answer_by < timezone.localdate():
        raise NotAllowedError(_("The day by which an answer is wanted is over already."))
    return answer_by
