"""Decisions about a letter over the API: its facts, its outcome, and whether it is voided."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from org.models import User
from registry.book import voiding
from registry.models.letters import Letter
from registry.models.voiding import VoidRequest
from routing.acting.access import need
from routing.acting.verbs import LetterVerb
from routing.check.decisions import decide_suggestion
from routing.closing import outcomes
from routing.models.closing import Outcome


def correct(letter: Letter, *, actor: User, **given: Any) -> None:
    """Accept or correct the facts that are given. Raise ValidationError without any."""
    if not given:
        raise ValidationError({"request": [_("Send at least one fact.")]})
    values = {n: v if isinstance(v, str) else v.isoformat() for n, v in given.items()}
    decide_suggestion(letter, actor=actor, values=values)


def record_outcome(letter: Letter, *, actor: User, outcome: str, reason: str) -> Outcome:
    """Record the outcome, or correct it."""
    return outcomes.record_outcome(letter, actor=actor, value=outcome, reason=reason)


def approve_void(row: VoidRequest, *, actor: User) -> VoidRequest:
    """Void the letter, by another person than the one who asked."""
    _need_decision(row, actor)
    return voiding.approve_void(row, actor=actor)


def refuse_void(row: VoidRequest, *, actor: User) -> VoidRequest:
    """Keep the letter, by another person than the one who asked."""
    _need_decision(row, actor)
    return voiding.refuse_void(row, actor=actor)


def _need_decision(row: VoidRequest, actor: User) -> None:
    if row.decision == VoidRequest.Decision.PENDING:
        need(actor, row.letter, LetterVerb.APPROVE_VOID)
