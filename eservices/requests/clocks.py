"""The terms of a request: its type's legal term on the letter, and the days of a stage."""

from datetime import date
from typing import Any, Final

from django.utils import timezone

from eservices.catalogue.definition import Definition, Stage
from org.calendar import office_days
from registry.models.letters import Letter
from routing.clocks.deadlines import WORKING, Clock, due_date
from routing.clocks.own_terms import due_by_own_term
from routing.clocks.reckoning import own_term

_SILENCE: Final = {"granted": "approval", "refused": "refusal"}


def legal_due(letter: Letter, definition: Definition) -> dict[str, Any]:
    """Return the letter's columns due_on and due_explained by the term of its service type.

    Empty where the type has no legal term: that of the letter's kind is valid then.
    """
    term = definition.term
    if not term.legal_days:
        return {}
    law = definition.law
    own = own_term(
        days=term.legal_days,
        unit=term.unit,
        silence=_SILENCE.get(term.silence, "none"),
        basis={"ar": law.ar, "fr": law.fr, "en": law.en} if law else None,
    )
    return due_by_own_term(letter, own)


def stage_due(stage: Stage, *, start: date | None = None) -> date | None:
    """Return the last working day for a stage that begins on a day; None where it has no term."""
    if not stage.days or stage.kind == "end":
        return None
    start = start or timezone.localdate()
    return due_date(Clock(stage.days, WORKING), holidays=office_days(since=start), start=start).on
