"""Voiding: requested by one person with a reason, decided by another; the number stays."""

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.models import User
from registry.book.numbering import take_number
from registry.changes import lock, move_stage, record_change
from registry.kinds import RegistryEvent
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.models.voiding import VoidRequest
from registry.states import ConflictError, Stage

MINUTES = "PV"  # the register that numbers the minutes of voiding


class VoidNotAllowedError(Exception):
    """Voiding is not allowed; the message says why, in the person's language."""


def ask_to_void(letter: Letter, *, actor: User, reason: str) -> VoidRequest:
    """Request that a letter be voided.

    Raise VoidNotAllowedError without a reason or when voiding was requested already.
    """
    reason = one_line(reason)
    if not reason:
        raise VoidNotAllowedError(_("Give a reason for voiding."))
    request = VoidRequest(letter=letter, reason=reason, asked_by=actor, asked_at=timezone.now())
    try:
        with transaction.atomic():
            lock(letter)
            if letter.stage == Stage.VOIDED:
                raise VoidNotAllowedError(_("This letter is voided already."))
            request.save(force_insert=True)
            record_change(letter, RegistryEvent.VOID_ASKED, actor=actor, rows=[request])
    except IntegrityError as error:
        raise VoidNotAllowedError(_("Voiding was asked for already.")) from error
    return request


def approve_void(request: VoidRequest, *, actor: User) -> VoidRequest:
    """Void the letter, with a numbered minute; by another person than the one who requested it."""
    return _decide(request, actor=actor, decision=VoidRequest.Decision.APPROVED)


def refuse_void(request: VoidRequest, *, actor: User) -> VoidRequest:
    """Refuse the request: the letter stays as it is."""
    return _decide(request, actor=actor, decision=VoidRequest.Decision.REFUSED)


def _decide(request: VoidRequest, *, actor: User, decision: str) -> VoidRequest:
    if actor.pk == request.asked_by_id:
        raise VoidNotAllowedError(_("Another person must decide about voiding."))
    letter = request.letter
    approved = decision == VoidRequest.Decision.APPROVED
    with transaction.atomic():
        lock(letter)  # before the minute's number, so that waiting here blocks no register
        now = timezone.now()
        pending = VoidRequest.objects.filter(pk=request.pk, decision="pending").exists()
        if not pending or (approved and letter.stage == Stage.VOIDED):
            raise ConflictError
        request.decision = decision
        request.decided_by = actor
        request.decided_at = now
        rows: list[Model] = [request]
        if approved:
            minutes = Register.objects.get(code=MINUTES)
            rows.append(minutes)
            request.minute_number = take_number(minutes, at=now).number
        request.save(update_fields=["decision", "decided_by", "decided_at", "minute_number"])
        if approved:
            data = {"minute": request.minute_number}
            move_stage(
                letter, Stage.VOIDED, actor=actor, kind=RegistryEvent.VOIDED, data=data, rows=rows
            )
        else:
            record_change(letter, RegistryEvent.VOID_REFUSED, actor=actor, rows=rows)
    return request
