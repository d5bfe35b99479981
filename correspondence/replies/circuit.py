"""The way of a draft through its circuit: submitted, then step by step approved, signed, returned.

The office's rule where no circuit is set up: drafted and submitted by people of a department that
has accepted the letter, and taken back by them; approved by that department's head (their own
drafts too) or by the director; sent by the department or by the registry office. A circuit puts
its own steps in the place of that approval. A signature takes the number at once; a job prints,
signs and files the paper.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from correspondence.acting.changing import StepChange, belongings, changing_reply, taking_step
from correspondence.acting.rights import round_now, signature_is_due, turns
from correspondence.acting.verbs import ReplyVerb
from correspondence.kinds import OutgoingEvent, OutgoingJob
from correspondence.models.replies import Reply
from correspondence.models.states import STEP_MOVES, ReplyState
from correspondence.models.steps import (
    OPEN_STEPS,
    Act,
    Circuit,
    ReplyStep,
    SignatureLevel,
    StepState,
)
from correspondence.replies.archival_form import check_archival_form
from correspondence.replies.choosing import begin_round
from correspondence.replies.pictures import picture_of
from correspondence.replies.registering import register_outgoing, revoke_reader_access, same_readers
from correspondence.replies.stamping import check_signable
from jobs.outbox import enqueue
from language.lines import one_line
from org.models import User
from org.people import acting_identities
from registry.book.signing import is_usable, key_of
from registry.changes import record_change
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.states import move
from routing.acting.errors import NotAllowedError


def submit_reply(reply: Reply, *, actor: User, circuit: Circuit | None = None) -> Reply:
    """Submit a draft for approval, by this circuit or by the default one."""
    with changing_reply(reply, actor=actor, verb=ReplyVerb.SUBMIT) as change:
        check_archival_form(reply)
        change.move(ReplyState.SUBMITTED, remark="", submitted_by=actor)
        rows = begin_round(reply, circuit=circuit)
        if signature_is_due(reply):
            check_signable(reply.archive_file or reply.file)
        change.record(OutgoingEvent.REPLY_SUBMITTED, data=change.behalf, rows=rows)
    return reply


def approve_reply(reply: Reply, *, actor: User, step_id: UUID | str | None = None) -> Reply:
    """Give a visa; with the last one the reply is approved.

    `step_id` is the step that the person saw, else the first one that is theirs. Raise
    NotAllowedError, and ConflictError where the step was done meanwhile.
    """
    seen = _step_meant(reply, actor, act=Act.VISA, step_id=step_id)
    with taking_step(reply, seen, actor=actor, verb=ReplyVerb.APPROVE) as change:
        rows = change.finish()
        kind = OutgoingEvent.REPLY_VISA
        if not _visas_left(reply):
            kind = OutgoingEvent.REPLY_APPROVED
            change.move(ReplyState.APPROVED, approved_by=actor)
        change.record(kind, data=change.event_data, rows=rows)
    return reply


def return_reply(
    reply: Reply, *, actor: User, remark: str, step_id: UUID | str | None = None
) -> Reply:
    """Return the draft to its author, with a remark; the next submission begins the steps anew."""
    remark = one_line(remark)
    if not remark:
        raise NotAllowedError(_("Say what should be changed."))
    seen = _step_meant(reply, actor, step_id=step_id)
    with taking_step(reply, seen, actor=actor, verb=ReplyVerb.RETURN) as change:
        others = [s for s in round_now(reply) if s.state in OPEN_STEPS and s.pk != change.step.pk]
        rows = change.finish(StepState.RETURNED, remark=remark) + _drop(reply, others)
        change.move(ReplyState.DRAFT, remark=remark, approved_by=None)
        change.record(
            OutgoingEvent.REPLY_RETURNED, data={"remark": remark, **change.event_data}, rows=rows
        )
    return reply


def withdraw_reply(reply: Reply, *, actor: User) -> Reply:
    """Withdraw the draft for its department, to change it or because nobody acts.

    The next submission begins the steps anew. People whose step is not done lose read access.
    """
    with changing_reply(reply, actor=actor, verb=ReplyVerb.WITHDRAW) as change:
        left = [s for s in round_now(reply) if s.state in OPEN_STEPS and not s._state.adding]
        rows = _drop(reply, left)
        change.move(ReplyState.DRAFT, approved_by=None)
        change.record(OutgoingEvent.REPLY_WITHDRAWN, data=change.behalf, rows=rows)
    return reply


def sign_reply(reply: Reply, *, actor: User, step_id: UUID | str | None = None) -> Letter:
    """Sign an approved reply, register it in the outgoing register, and return the outgoing letter.

    A job draws, signs and files its paper. `step_id` is the step that the person saw. Raise
    NotAllowedError (also where the office signs with a picture or a key that the person lacks),
    ConflictError, DepositRefusedError.
    """
    seen = _step_meant(reply, actor, act=Act.SIGNATURE, step_id=step_id)

    def signed(outgoing: Letter) -> None:
        with taking_step(reply, seen, actor=actor, verb=ReplyVerb.SIGN) as change:
            _sign(change, outgoing, person=actor)

    return register_outgoing(reply, actor=actor, then=signed)


def _sign(change: StepChange, outgoing: Letter, *, person: User) -> None:
    """Complete the signing, in the transaction that took the number."""
    reply, step = change.reply, change.step
    level, picture = means_of(person)
    own = reply.letter is None  # it answers nothing: from now on it stands in its own history
    rows = change.finish(level=level, picture=picture)
    change.move(
        ReplyState.SIGNED,
        outgoing=outgoing,
        letter=reply.letter or outgoing,
        signed_level=level,
        approved_by=reply.approved_by or person,
        changed_at=step.done_at,
    )
    data: dict[str, Any] = {"number": outgoing.number, "level": str(level), **change.event_data}
    if picture:
        data["picture"] = picture.sha256
    readers = same_readers(reply, outgoing)
    if own:
        change.record(
            OutgoingEvent.REPLY_SIGNED, data=data, rows=[*rows, *belongings(reply), *readers]
        )
    else:
        change.record(OutgoingEvent.REPLY_SIGNED, data=data, rows=rows)
        record_change(outgoing, OutgoingEvent.REPLY_SIGNED, actor=person, data=data, rows=readers)
    enqueue(OutgoingJob.REPLY_SIGN, reply.pk)


def means_of(person: User) -> tuple[str, StoredFile | None]:
    """Return how this person signs in this office: the level, and their scanned signature.

    Raise NotAllowedError where what the office requires is missing.
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


def _drop(reply: Reply, steps: list[ReplyStep]) -> list[Model]:
    rows: list[Model] = [move(step, StepState.DROPPED, moves=STEP_MOVES) for step in steps]
    return rows + (revoke_reader_access(reply.letter, steps) if reply.letter else [])


def _visas_left(reply: Reply) -> bool:
    """Return whether a visa of the present round is still due."""
    return any(s.act == Act.VISA and s.state in OPEN_STEPS for s in round_now(reply))


def _step_meant(
    reply: Reply, user: User, *, act: str = "", step_id: UUID | str | None = None
) -> ReplyStep | None:
    """Return the step that a person means: the one named, else their first one for the act now.

    Call it before the letter is locked, so that a step done meanwhile is a conflict.
    """
    if step_id:
        return ReplyStep.objects.filter(reply=reply, pk=step_id).first()
    mine = turns(reply, acting_identities(user))
    return next((step for step, _hand in mine if act in ("", step.act)), None)
