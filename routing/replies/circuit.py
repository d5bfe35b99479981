"""The answer to a letter: drafted, submitted, approved or returned, and sent under a number.

House rule: drafted and submitted by people of a department that has accepted the letter; approved
by that department's head (their own drafts too) or by the director; sent by the department or by
the registry office.
"""

from contextlib import ExitStack
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.bidi import strip_bidi_controls
from language.lines import one_line
from org.models import Department, User
from registry.changes import lock, record_change
from registry.incoming import check_files
from registry.intake import IncomingFile
from registry.models import Letter, StoredFile
from registry.stored import stored_row
from registry.vault import get_vault
from routing.access import need, need_on_reply
from routing.errors import NotAllowedError
from routing.models import Assignment, Reply
from routing.states import REPLY_MOVES, AssignmentState, ReplyState, move

BODY_LENGTH = 100_000


def draft_reply(
    letter: Letter,
    *,
    actor: User,
    subject: str,
    body: str,
    file: IncomingFile | None = None,
) -> Reply:
    """Begin a reply, of text or a file or both.

    With a file, the file is the reply and the text goes with it; without, the text is drawn as a
    letter. Raises NotAllowedError, and DepositRefusedError for a file that cannot be taken.
    """
    need(actor, letter, "draft_reply")
    stored, name = _keep(file)
    with transaction.atomic():
        lock(letter)
        now_is = need(actor, letter, "draft_reply")
        now = timezone.now()
        reply = Reply(
            letter=letter,
            department=_department_of(now_is.mine),
            author=actor,
            file=stored,
            file_name=name,
            created_at=now,
            changed_at=now,
            **_words(subject, body, letter=letter, has_file=stored is not None),
        )
        reply.save(force_insert=True)
        _record(reply, "reply_drafted", actor=actor)
    return reply


def edit_reply(
    reply: Reply,
    *,
    actor: User,
    subject: str,
    body: str,
    file: IncomingFile | None = None,
    drop_file: bool = False,
) -> Reply:
    """Change a draft; a new file takes the place of the earlier one, `drop_file` takes it away."""
    need_on_reply(actor, reply, "edit_reply")
    stored, name = _keep(file)
    with transaction.atomic():
        _open(reply, actor=actor, verb="edit_reply")
        keeps = stored is None and not drop_file
        if not keeps:
            reply.file, reply.file_name = stored, name
        values: dict[str, Any] = {
            **_words(subject, body, letter=reply.letter, has_file=reply.file is not None)
        }
        values |= {"file": reply.file, "file_name": reply.file_name, "changed_at": timezone.now()}
        Reply.objects.filter(pk=reply.pk).update(**values)
        for field, value in values.items():
            setattr(reply, field, value)
        _record(reply, "reply_edited", actor=actor)
    return reply


def submit_reply(reply: Reply, *, actor: User) -> Reply:
    """Hand a draft to those who approve."""
    return _step(reply, ReplyState.SUBMITTED, actor=actor, verb="submit_reply", remark="")


def approve_reply(reply: Reply, *, actor: User) -> Reply:
    """The head of the department or the director agrees; it may be sent."""
    return _step(reply, ReplyState.APPROVED, actor=actor, verb="approve_reply", approved_by=actor)


def return_reply(reply: Reply, *, actor: User, remark: str) -> Reply:
    """Back to its author, with a remark."""
    remark = one_line(remark)
    if not remark:
        raise NotAllowedError(_("Say what should be changed."))
    return _step(reply, ReplyState.DRAFT, actor=actor, verb="return_reply", remark=remark)


_EVENTS = {
    "submit_reply": "reply_submitted",
    "approve_reply": "reply_approved",
    "return_reply": "reply_returned",
}


def _step(reply: Reply, new: str, *, actor: User, verb: str, **changes: Any) -> Reply:
    with transaction.atomic():
        _open(reply, actor=actor, verb=verb)
        move(reply, new, moves=REPLY_MOVES, changed_at=timezone.now(), **changes)
        data = {"remark": changes["remark"]} if changes.get("remark") else {}
        _record(reply, _EVENTS[verb], actor=actor, data=data)
    return reply


def _open(reply: Reply, *, actor: User, verb: str) -> None:
    """Lock the letter, take over the reply's present words, and ask for the right.

    The state stays as the caller knew it: the compare-and-set finds whether it has moved on.
    """
    lock(reply.letter)
    known = reply.state
    reply.refresh_from_db(
        fields=["subject", "body", "file", "file_name", "remark", "approved_by", "changed_at"]
    )
    present = Reply.objects.values_list("state", flat=True).get(pk=reply.pk)
    if present != known:
        reply.state = present
    need_on_reply(actor, reply, verb)


def _record(
    reply: Reply,
    kind: str,
    *,
    actor: User | None,
    data: dict[str, Any] | None = None,
    rows: tuple[Model, ...] = (),
) -> None:
    record_change(
        reply.letter,
        kind,
        actor=actor,
        data={"reply": reply.pk, "department": reply.department.code, **(data or {})},
        rows=[reply, *rows],
    )


def _department_of(mine: tuple[Assignment, ...]) -> Department:
    """The department for which this person answers: that of their first accepted action."""
    accepted = [
        a for a in mine if a.state == AssignmentState.ACCEPTED and a.role == Assignment.Role.ACTION
    ]
    return min(accepted, key=lambda a: a.assigned_at).department


def _words(subject: str, body: str, *, letter: Letter, has_file: bool) -> dict[str, str]:
    """Subject and text as they are kept; NotAllowedError when nothing is said."""
    text = "".join(c for c in strip_bidi_controls(body) if c.isprintable() or c in "\n\t")
    text = text.strip()
    if len(text) > BODY_LENGTH:
        raise NotAllowedError(_("The text is too long: send it as a file."))
    if not text and not has_file:
        raise NotAllowedError(_("Write a text or add a file."))
    return {"subject": one_line(subject) or letter.subject or letter.number, "body": text}


def _keep(file: IncomingFile | None) -> tuple[StoredFile | None, str]:
    """Judge a file like any deposit and put it into the vault, before any transaction."""
    if file is None:
        return None, ""
    with ExitStack() as cleanup:
        checked = check_files([file], message="", cleanup=cleanup).files[0]
        kept = get_vault().keep(checked.incoming)
        stored = stored_row(kept, media_type=checked.media.media_type)
    return stored, one_line(file.name, 255) or "reply"
