"""Approval of a draft: submitted, then step by step approved (visa) or returned.

The office's rule where no circuit is set up: drafted and submitted by people of a department that
has accepted the letter, and taken back by them; approved by that department's head (their own
drafts too) or by the director; sent by the department or by the registry office. A circuit puts
its own steps in the place of that approval.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from correspondence.acting.changing import lock_reply, open_reply, record_reply
from correspondence.acting.turns import (
    acting_identities,
    round_now,
    signature_is_due,
    step_seen,
    theirs,
)
from correspondence.acting.verbs import ReplyVerb
from correspondence.kinds import OutgoingEvent
from correspondence.models.replies import Reply
from correspondence.models.states import REPLY_MOVES, STEP_MOVES, ReplyState
from correspondence.models.steps import OPEN_STEPS, Act, Circuit, ReplyStep, StepState
from correspondence.replies.choosing import begin_round
from correspondence.replies.lasting import check_lasting
from correspondence.replies.readers import revoke_reader_access
from correspondence.replies.stamping import check_signable
from language.lines import one_line
from org.models import User
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.models.states import move


def submit_reply(reply: Reply, *, actor: User, circuit: Circuit | None = None) -> Reply:
    """Submit a draft for approval, by this circuit or by the default one."""
    with transaction.atomic():
        behalf = open_reply(reply, actor=actor, verb=ReplyVerb.SUBMIT)
        check_lasting(reply)
        move(
            reply,
            ReplyState.SUBMITTED,
            moves=REPLY_MOVES,
            changed_at=timezone.now(),
            remark="",
        )
        rows = begin_round(reply, circuit=circuit)
        if signature_is_due(reply):
            check_signable(reply.archive_file or reply.file)
        record_reply(reply, OutgoingEvent.REPLY_SUBMITTED, actor=actor, data=behalf, rows=rows)
    return reply


def approve_reply(reply: Reply, *, actor: User, step_id: UUID | str | None = None) -> Reply:
    """Give a visa; with the last one the reply is approved.

    `step_id` is the step that the person saw, else the first one that is theirs. Raise
    NotAllowedError, and ConflictError where the step was done meanwhile.
    """
    seen = step_seen(reply, actor, act=Act.VISA, step_id=step_id)
    with transaction.atomic():
        step = open_step(reply, seen, actor=actor, verb=ReplyVerb.APPROVE)
        rows = finish_step(step, actor=actor)
        kind = OutgoingEvent.REPLY_VISA
        if not visas_left(reply):
            kind = OutgoingEvent.REPLY_APPROVED
            now = timezone.now()
            move(reply, ReplyState.APPROVED, moves=REPLY_MOVES, approved_by=actor, changed_at=now)
        record_reply(reply, kind, actor=actor, data=told_of(step), rows=rows)
    return reply


def return_reply(
    reply: Reply, *, actor: User, remark: str, step_id: UUID | str | None = None
) -> Reply:
    """Return the draft to its author, with a remark; the next submission begins the steps anew."""
    remark = one_line(remark)
    if not remark:
        raise NotAllowedError(_("Say what should be changed."))
    seen = step_seen(reply, actor, step_id=step_id)
    with transaction.atomic():
        step = open_step(reply, seen, actor=actor, verb=ReplyVerb.RETURN)
        others = [s for s in round_now(reply) if s.state in OPEN_STEPS]
        rows = finish_step(step, actor=actor, new=StepState.RETURNED, remark=remark)
        rows += _drop(reply, [s for s in others if s.pk != step.pk])
        move(
            reply,
            ReplyState.DRAFT,
            moves=REPLY_MOVES,
            changed_at=timezone.now(),
            remark=remark,
            approved_by=None,
        )
        data = {"remark": remark, **told_of(step)}
        record_reply(reply, OutgoingEvent.REPLY_RETURNED, actor=actor, data=data, rows=rows)
    return reply


def withdraw_reply(reply: Reply, *, actor: User) -> Reply:
    """Withdraw the draft for its department, to change it or because nobody acts.

    The next submission begins the steps anew. People whose step is not done lose read access.
    """
    with transaction.atomic():
        behalf = open_reply(reply, actor=actor, verb=ReplyVerb.WITHDRAW)
        left = [s for s in round_now(reply) if s.state in OPEN_STEPS and not s._state.adding]
        rows = _drop(reply, left)
        now = timezone.now()
        move(reply, ReplyState.DRAFT, moves=REPLY_MOVES, changed_at=now, approved_by=None)
        record_reply(reply, OutgoingEvent.REPLY_WITHDRAWN, actor=actor, data=behalf, rows=rows)
    return reply


def _drop(reply: Reply, steps: list[ReplyStep]) -> list[Model]:
    rows: list[Model] = [move(step, StepState.DROPPED, moves=STEP_MOVES) for step in steps]
    return rows + (revoke_reader_access(reply.letter, steps) if reply.letter else [])


def open_step(reply: Reply, seen: ReplyStep | None, *, actor: User, verb: ReplyVerb) -> ReplyStep:
    """Lock, check the right, and load the step as it is now; `for_person` is set.

    Raise ConflictError where the step that was seen is done already.
    """
    lock_reply(reply)
    steps = round_now(Reply.objects.select_related("department").get(pk=reply.pk))
    wanted = [s for s in steps if seen and (s.pk == seen.pk or seen._state.adding)]
    mine = theirs(wanted, acting_identities(actor))
    if (mine or (seen and not wanted)) and not (mine and mine[0][0].state == StepState.DUE):
        raise ConflictError
    open_reply(reply, actor=actor, verb=verb)
    if not mine:
        raise NotAllowedError(_("You may not do this with this letter at this moment."))
    step, hand = mine[0]
    step.reply = reply
    if step._state.adding:  # of a reply that was submitted before there were circuits
        step.save(force_insert=True)
    if hand.user_id != actor.pk:
        step.for_person = User.objects.get(pk=hand.user_id)
    return step


def finish_step(
    step: ReplyStep, *, actor: User, new: str = StepState.DONE, **changes: Any
) -> list[Model]:
    """Move the step on and, where it was the last of its rank, make the next rank due."""
    now = timezone.now()
    move(
        step,
        new,
        moves=STEP_MOVES,
        done_by=actor,
        for_person=step.for_person,
        done_at=now,
        **changes,
    )
    rows: list[Model] = [step]
    if new == StepState.DONE:
        rows += [move(s, StepState.DUE, moves=STEP_MOVES) for s in _next(round_now(step.reply))]
    return rows


def visas_left(reply: Reply) -> bool:
    """Return whether a visa of the present round is still due."""
    return any(s.act == Act.VISA and s.state in OPEN_STEPS for s in round_now(reply))


def told_of(step: ReplyStep) -> dict[str, Any]:
    """Return what the history records of a step: which one, and for whom it was done."""
    told: dict[str, Any] = {"step": step.position, "round": step.round}
    if step.for_person:
        told["for"] = step.for_person.pk
    return told


def _next(steps: Iterable[ReplyStep]) -> list[ReplyStep]:
    """Return the steps that become due now: none while one is due."""
    steps = list(steps)
    if any(step.state == StepState.DUE for step in steps):
        return []
    later = [step for step in steps if step.state == StepState.LATER]
    first = min((step.rank for step in later), default=0)
    return [step for step in later if step.rank == first]
