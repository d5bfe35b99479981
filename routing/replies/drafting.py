"""A reply is drafted and edited: its words, its file, and for which department it speaks."""

from contextlib import ExitStack
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.bidi import strip_bidi_controls
from language.lines import one_line
from org.models import Department, User
from registry.changes import lock
from registry.incoming import check_files
from registry.intake import IncomingFile
from registry.models import Letter, StoredFile
from registry.stored import stored_row
from registry.vault import get_vault
from routing.access import behalf_of, need, need_on_reply
from routing.errors import NotAllowedError
from routing.models import Assignment, Reply
from routing.replies.changing import open_reply, record_reply
from routing.states import AssignmentState

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
        record_reply(reply, "reply_drafted", actor=actor, data=behalf_of(now_is, "draft_reply"))
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
        behalf = open_reply(reply, actor=actor, verb="edit_reply")
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
        record_reply(reply, "reply_edited", actor=actor, data=behalf)
    return reply


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
