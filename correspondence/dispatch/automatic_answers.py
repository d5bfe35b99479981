"""Automatic answers, sent at once: a paper that the program draws, such as a statement.

It is registered and sent like any reply. Where nobody of the staff sends it, it leaves on the
standing approval of the department's head, in whose name it is kept.
"""

import io

from django.db import transaction
from django.utils import timezone

from correspondence.dispatch.sending import complete_sending
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from correspondence.replies.registering import register_outgoing
from language.lines import one_line
from org.models import Department, Membership, User
from registry.changes import lock
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.models.letters import Letter, ReplyLink
from registry.states import ConflictError


def default_approver(department: Department) -> User | None:
    """Return the head of a department, else one of its members; None where nobody is there."""
    members = Membership.objects.filter(department=department, user__is_active=True)
    first = members.order_by("role", "user_id").select_related("user").first()  # heads sort first
    return first.user if first else None


def answer_at_once(
    letter: Letter,
    *,
    department: Department,
    subject: str,
    pdf: bytes,
    file_name: str,
    language: str,
    actor: User | None = None,
    approver: User | None = None,
) -> Letter:
    """Register the paper as the outgoing answer to a letter, for its sender's page; return it.

    `actor` sends it; without one it leaves on the approval of `approver`. Raise ConflictError where
    an answer was sent already, ValueError without anybody, and what registering raises; then no
    number was taken.
    """
    by = actor or approver
    if by is None:
        raise ValueError("an answer leaves in somebody's name")
    file, told = store(io.BytesIO(pdf)), {"file_name": file_name, "language": language}
    reply = _approved(letter, department, by, subject=one_line(subject, 500), **told)

    def sent(outgoing: Letter) -> None:
        lock(letter)
        if ReplyLink.objects.filter(incoming=letter).exists():
            raise ConflictError
        complete_sending(reply, outgoing, actor=actor, method=Dispatch.Method.PORTAL)

    with transaction.atomic():
        reply.file = stored_row(file, media_type="application/pdf")
        reply.save(force_insert=True)
        return register_outgoing(reply, actor=actor, method=Dispatch.Method.PORTAL, then=sent)


def _approved(letter: Letter, department: Department, by: User, **told: str) -> Reply:
    now = timezone.now()
    return Reply(
        letter=letter,
        department=department,
        author=by,
        approved_by=by,
        state=ReplyState.APPROVED,
        created_at=now,
        changed_at=now,
        **told,
    )
