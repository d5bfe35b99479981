"""In whose favour a matter was decided: recorded at closing, corrected with a reason.

A letter has one outcome that is valid; earlier ones are kept beside it. A letter that is reopened
waits for a new one.
"""

from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.models import LetterKind, User
from registry.changes import record_change
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.states import Stage
from routing.acting.changing import changing_letter
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.closing import Outcome

COMPLAINT: Final = "complaint"  # what codes of kinds of complaints begin with
ANSWERS: Final = frozenset({"letter", "email", "phone"})  # methods that answer the sender
LONGEST: Final = 500  # characters of a reason


def is_complaint(kind: LetterKind | None) -> bool:
    """Return whether a letter of this kind is a complaint."""
    return kind is not None and kind.code.startswith(COMPLAINT)


def outcome_of(letter: Letter) -> Outcome | None:
    """Return the valid outcome, with who recorded it."""
    rows = Outcome.objects.filter(letter=letter, standing=True)
    return rows.select_related("recorded_by", "department").first()


def write_outcome(
    assignment: Assignment, value: str, *, actor: User, closes: bool
) -> list[Outcome]:
    """Write the outcome given when an action on an incoming letter is signed off; return the rows.

    Raise NotAllowedError for an unknown value, and without one where a complaint is closed with an
    answer and none is recorded. The caller locks the letter and seals the rows.
    """
    letter = assignment.letter
    if not value:
        if closes and _is_outcome_required(assignment):
            raise NotAllowedError(_("Say in whose favour the complaint was decided."))
        return []
    if assignment.role != Assignment.Role.ACTION or not _came_in(letter):
        raise NotAllowedError(_("An outcome belongs to a letter that came in and was acted upon."))
    before = outcome_of(letter)
    if before and before.value == value:
        return []
    return _put(letter, _known(value), actor=actor, department_id=assignment.department_id)


def outcome_rows(letter: Letter, value: str, *, actor: User) -> list[Outcome]:
    """Write the outcome that a request ended with; return the rows, none where it stands already.

    The caller locks the letter and seals the rows.
    """
    before = outcome_of(letter)
    if before and before.value == value:
        return []
    return _put(letter, _known(value), actor=actor, department_id=letter.department_id)


def record_outcome(letter: Letter, *, actor: User, value: str, reason: str = "") -> Outcome:
    """Record the outcome of a closed letter later, or correct the valid one, with a reason.

    Raise NotAllowedError without the right, for the value that is recorded already, or without a
    reason for a correction.
    """
    value, reason = _known(value), one_line(reason, LONGEST)
    with changing_letter(letter, actor=actor, verb=LetterVerb.RECORD_OUTCOME) as change:
        behalf = change.behalf
        before = outcome_of(letter)
        if before and before.value == value:
            raise NotAllowedError(_("This is the outcome that stands already."))
        if before and not reason:
            raise NotAllowedError(_("Say why the outcome is corrected."))
        department_id = before.department_id if before else None
        rows = _put(letter, value, actor=actor, department_id=department_id, reason=reason)
        data: dict[str, Any] = {"outcome": value, "reason": reason, **behalf}
        if before:
            data["outcome_from"] = before.value
        seen = LetterEvent.Visibility
        record_change(
            letter,
            RoutingEvent.OUTCOME_CORRECTED if before else RoutingEvent.OUTCOME_RECORDED,
            actor=actor,
            data=data,
            rows=rows,
            visibility=seen.CITIZEN if is_complaint(letter.kind) else seen.STAFF,
        )
    return rows[-1]


def set_aside(letter: Letter) -> list[Outcome]:
    """Invalidate the outcome, since the letter is reopened; the caller seals the row."""
    before = outcome_of(letter)
    if before is None:
        return []
    before.standing = False
    before.save(update_fields=["standing"])
    return [before]


def _put(
    letter: Letter, value: str, *, actor: User, department_id: int | None, reason: str = ""
) -> list[Outcome]:
    """Record a new outcome; return the row that it replaces, if there is one, and the new row."""
    row = Outcome(
        letter=letter,
        value=value,
        reason=reason,
        department_id=department_id,
        recorded_by=actor,
        recorded_at=timezone.now(),
    )
    rows = [*set_aside(letter), row]
    row.save(force_insert=True)
    return rows


def _known(value: str) -> str:
    if value not in Outcome.Value.values:
        raise NotAllowedError(_("Choose one of the outcomes."))
    return value


def _came_in(letter: Letter) -> bool:
    return letter.register.direction == Register.Direction.INCOMING


def _is_outcome_required(assignment: Assignment) -> bool:
    letter = assignment.letter
    answered = assignment.method in ANSWERS or letter.stage == Stage.ANSWERED
    if not (answered and is_complaint(letter.kind) and _came_in(letter)):
        return False
    return outcome_of(letter) is None
