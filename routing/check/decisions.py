"""The clerk's decision on a letter's facts: proposals are accepted or corrected, and recorded."""

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

from django.db.models import Model

from language.lines import one_line
from org.models import User
from registry.corrections import BadCorrectionError, correct_letter
from registry.intake import PartyData
from registry.models.letters import Letter, Party
from routing.acting.access import need
from routing.acting.changing import changing_letter
from routing.acting.verbs import LetterVerb
from routing.clocks.due import due_of, move_assignments
from routing.models.suggestions import Suggestion
from understanding.facts.columns import (
    COLUMNS,
    FACTS,
    OF_SENDER,
    column_value,
    column_words,
    sender_words,
)

PENDING, ACCEPTED, CORRECTED = Suggestion.Decision
PERSON: Final = "person"  # source of what a clerk typed in


def decide_suggestion(letter: Letter, *, actor: User, values: dict[str, str]) -> Letter:
    """Record the clerk's decision: `values` maps FACTS to right values (codes, ISO date, words).

    A value that was suggested counts as accepted, another as corrected; the letter's columns and
    its due date follow. `department` only decides the suggestion: the letter is given to a
    department by `assign`. Raise NotAllowedError, and BadCorrectionError for an unusable value.
    """
    need(actor, letter, LetterVerb.CORRECT)
    values = {name: one_line(value) for name, value in values.items()}
    if unknown := set(values) - set(FACTS):
        raise BadCorrectionError(min(unknown))
    changes: dict[str, Any] = {
        name: column_value(name, values[name]) for name in COLUMNS if name in values
    }
    return _decide(letter, actor=actor, values=values, changes=changes)


def correct(
    letter: Letter,
    *,
    actor: User,
    changes: dict[str, Any],
    sender: PartyData | None = None,
) -> Letter:
    """Correct any correctable column (registry.corrections) and the sender, for a clerk.

    Due date and suggestions follow. Raise NotAllowedError and BadCorrectionError.
    """
    need(actor, letter, LetterVerb.CORRECT)
    return _decide(
        letter, actor=actor, values=_values(changes, sender), changes=changes, sender=sender
    )


def decide_all(
    letter: Letter,
    *,
    actor: User,
    changes: dict[str, Any],
    sender: PartyData | None,
    others: dict[str, str],
    wrong: Collection[UUID],
    department: str = "",
) -> None:
    """Record the clerk's decision on every fact, in a transaction that holds the letter's lock.

    `changes` holds all COLUMNS, None or "" for what is not known. `others` are facts that no
    column keeps (field -> words): one that nobody proposed is kept as a row of the clerk's own.
    Any other row is accepted, unless `wrong` names it. Proposed departments are judged where the
    code of the right one is known. Raise NotAllowedError and BadCorrectionError.
    """
    need(actor, letter, LetterVerb.CORRECT)
    others = {field: one_line(words) for field, words in others.items()}
    values = dict.fromkeys(OF_SENDER, "") | _values(changes, sender) | others
    if department:
        values["department"] = department
    rows: list[Model] = [
        *_judge(letter, values, actor=actor),
        *_judge_rest(letter, decided={*values, "department"}, wrong=wrong, actor=actor),
        *_own(letter, others, actor=actor),
    ]
    _keep(letter, actor=actor, changes=changes, sender=sender, rows=rows)


def _values(changes: dict[str, Any], sender: PartyData | None) -> dict[str, str]:
    values = {name: column_words(changes[name]) for name in COLUMNS if name in changes}
    return values | (sender_words(sender) if sender else {})


def _decide(
    letter: Letter,
    *,
    actor: User,
    values: dict[str, str],
    changes: dict[str, Any],
    sender: PartyData | None = None,
) -> Letter:
    with changing_letter(letter, actor=actor, verb=LetterVerb.CORRECT):
        if sender is None:
            sender = _new_sender(letter, values.get("sender", ""))
        rows = list(_judge(letter, values, actor=actor))
        _keep(letter, actor=actor, changes=changes, sender=sender, rows=rows)
    return letter


def _keep(
    letter: Letter,
    *,
    actor: User,
    changes: dict[str, Any],
    sender: PartyData | None,
    rows: Iterable[Model],
) -> None:
    rows = list(rows)
    further: dict[str, Any] = {}
    if (kind := changes.get("kind")) and kind != letter.kind:
        further = due_of(letter, kind=kind) or {"due_on": None, "due_explained": {}}
        rows += move_assignments(letter, further["due_on"], kind=kind)
    correct_letter(letter, actor=actor, changes=changes, sender=sender, further=further, rows=rows)


def _judge(letter: Letter, values: dict[str, str], *, actor: User) -> list[Suggestion]:
    """Mark the suggestions of the decided fields; return the rows that changed."""
    rows = Suggestion.objects.filter(letter=letter, field__in=values, current=True)
    return [row for row in rows if _mark(row, right=_is_right(row, values), actor=actor)]


def _is_right(row: Suggestion, values: dict[str, str]) -> bool:
    """Return whether the clerk's value agrees; a sender may be named by person or organisation."""
    if row.field in ("sender", "sender_organisation"):
        given = [values.get("sender", ""), values.get("sender_organisation", "")]
        return row.value in [*given, " — ".join(filter(None, given))]
    return row.value == values[row.field]


def _judge_rest(
    letter: Letter, *, decided: Collection[str], wrong: Collection[UUID], actor: User
) -> list[Suggestion]:
    """Judge the facts that no column keeps: right unless they are marked wrong."""
    rows = Suggestion.objects.filter(letter=letter, current=True).exclude(field__in=decided)
    return [row for row in rows if _mark(row, right=row.pk not in wrong, actor=actor)]


def _mark(row: Suggestion, *, right: bool, actor: User) -> bool:
    """Decide about one row; return False where it had that state already."""
    new = ACCEPTED if right else CORRECTED
    if row.decision == new:
        return False
    row.decision, row.decided_by = new, actor
    row.save(update_fields=["decision", "decided_by"])
    return True


def _own(letter: Letter, others: dict[str, str], *, actor: User) -> list[Suggestion]:
    """Return rows for facts that a clerk typed in and no column keeps."""
    rows = Suggestion.objects.filter(letter=letter, field__in=others)
    known = {(row.field, row.value): row for row in rows}
    written = []
    for field, value in others.items():
        row = known.get((field, value))
        if not value or (row and row.current):
            continue
        row = row or Suggestion(letter=letter, field=field, value=value)
        row.score, row.sure, row.current, row.source, row.reasons = 1.0, True, True, PERSON, []
        row.decision, row.decided_by = ACCEPTED, actor
        row.save()
        written.append(row)
    return written


def _new_sender(letter: Letter, name: str) -> PartyData | None:
    """Return the sender with another name, keeping address and phone; None if nothing changes."""
    if not name:
        return None
    present = Party.objects.filter(letter=letter, role=Party.Role.SENDER).first()
    if present is None:
        return PartyData(Party.Role.SENDER, name=name)
    if name in (present.name, present.organisation, present.shown_name):
        return None
    return PartyData(
        Party.Role.SENDER,
        name=name,
        address=present.address,
        email=present.email,
        phone=present.phone,
    )
