"""Common parts of every change of a reply: the lock, the right, the entry in the history."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from correspondence.acting.rights import need_on_reply
from correspondence.acting.verbs import ReplyVerb
from correspondence.models.replies import Reply
from org.models import User
from registry.acts import record_act
from registry.book.chain import seals_of
from registry.changes import lock, record_change
from registry.kinds import EventKind


def open_reply(reply: Reply, *, actor: User, verb: ReplyVerb) -> dict[str, int]:
    """Lock the letter, refresh the reply, and check the right.

    Return what the event records about whom the actor acts for. The state stays as the caller knew
    it: the compare-and-set finds whether it has moved on.
    """
    lock_reply(reply)
    known = reply.state
    reply.refresh_from_db(
        fields=[
            "subject",
            "body",
            "file",
            "file_name",
            "archive_file",
            "archive_level",
            "archive_problem",
            "remark",
            "approved_by",
            "changed_at",
        ]
    )
    present = Reply.objects.values_list("state", flat=True).get(pk=reply.pk)
    if present != known:
        reply.state = present
    return need_on_reply(actor, reply, verb)


def lock_reply(reply: Reply) -> None:
    """Lock the letter in whose history the reply stands; lock a draft without a letter itself."""
    if reply.letter:
        lock(reply.letter)
    else:
        Reply.objects.select_for_update().get(pk=reply.pk)


def record_reply(
    reply: Reply,
    kind: EventKind,
    *,
    actor: User | None,
    data: dict[str, Any] | None = None,
    rows: Iterable[Model] = (),
) -> None:
    """Record an event of the letter; for a draft without one, an audit record, sealed alike."""
    said = {"reply": reply.pk, "department": reply.department.code, **(data or {})}
    sealed = [reply, *rows]
    if reply.letter:
        record_change(reply.letter, kind, actor=actor, data=said, rows=sealed)
    else:
        record_act(kind, actor=actor, data={**said, "seals": seals_of(sealed)})
