"""Signing of a reply: its number is taken at once; a job prints, signs and files the paper."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from correspondence.acting.changing import record_reply
from correspondence.acting.rights import need_on_reply
from correspondence.acting.turns import step_seen
from correspondence.acting.verbs import ReplyVerb
from correspondence.answers.several import belongings
from correspondence.kinds import OutgoingEvent, OutgoingJob
from correspondence.models.replies import Reply
from correspondence.models.states import REPLY_MOVES, ReplyState
from correspondence.models.steps import Act, ReplyStep, SignatureLevel
from correspondence.replies.circuit import finish_step, open_step, told_of
from correspondence.replies.pictures import picture_of
from correspondence.replies.registering import register_outgoing, same_readers
from jobs.outbox import enqueue
from org.models import User
from registry.book.signing import is_usable, key_of
from registry.changes import lock, record_change
from registry.models.files import StoredFile
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.models.states import move


def sign_reply(reply: Reply, *, actor: User, step_id: UUID | str | None = None) -> Letter:
    """Sign an approved reply, register it in the outgoing register, and return the outgoing letter.

    A job draws, signs and files its paper. `step_id` is the step that the person saw. Raise
    NotAllowedError (also where the office signs with a picture or a key that the person lacks),
    ConflictError, DepositRefusedError.
    """
    need_on_reply(actor, reply, ReplyVerb.SIGN)
    level, picture = means_of(actor)
    seen = step_seen(reply, actor, act=Act.SIGNATURE, step_id=step_id)
    return register_outgoing(
        reply,
        actor=actor,
        then=lambda outgoing: _seal_signed(
            reply, outgoing, seen, actor=actor, level=level, picture=picture
        ),
    )


def means_of(person: User) -> tuple[str, StoredFile | None]:
    """Return how this person signs in this office: the level, and their scanned signature.

    Raise NotAllowedError where what the office asks for is not there.
    """
    if settings.REPLY_SIGNATURE == "none":
        return SignatureLevel.NONE, None
    picture = picture_of(person)
    if settings.REPLY_SIGNATURE == "stamp":
        if picture is None:
            raise NotAllowedError(_("Give your scanned signature first, on the page Signature."))
        return SignatureLevel.STAMP, picture
    key = key_of(person.username)
    if key is None or not is_usable(key):
        raise NotAllowedError(_("There is no usable signing key for you: ask an administrator."))
    timed = SignatureLevel.PADES_T if settings.TIMESTAMP_URL else SignatureLevel.PADES_B
    return timed, picture


def _seal_signed(
    reply: Reply,
    outgoing: Letter,
    seen: ReplyStep | None,
    *,
    actor: User,
    level: str,
    picture: StoredFile | None,
) -> None:
    """Complete the signing, in the transaction that took the number."""
    step = open_step(reply, seen, actor=actor, verb=ReplyVerb.SIGN)
    own = reply.letter is None  # it answers nothing: from now on it stands in its own history
    rows = finish_step(step, actor=actor, level=level, picture=picture)
    move(
        reply,
        ReplyState.SIGNED,
        moves=REPLY_MOVES,
        outgoing=outgoing,
        letter=reply.letter or outgoing,
        signed_level=level,
        approved_by=reply.approved_by or actor,
        changed_at=step.done_at,
    )
    data: dict[str, Any] = {"number": outgoing.number, "level": str(level), **told_of(step)}
    if picture:
        data["picture"] = picture.sha256
    readers = same_readers(reply, outgoing)
    if own:
        lock(outgoing)
        rows = [*rows, *belongings(reply), *readers]
    record_reply(reply, OutgoingEvent.REPLY_SIGNED, actor=actor, data=data, rows=rows)
    if not own:
        lock(outgoing)
        record_change(outgoing, OutgoingEvent.REPLY_SIGNED, actor=actor, data=data, rows=readers)
    enqueue(OutgoingJob.REPLY_SIGN, reply.pk)
