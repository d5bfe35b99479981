"""The office's own letters as training data: those whose kind or department a person decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from org.models import Level
from registry.models.letters import Letter, Party
from registry.reading.readings import text_of
from registry.states import Stage
from routing.acting.situations import ROUTED
from routing.models.assignments import Assignment
from routing.models.states import AssignmentState
from routing.models.suggestions import Suggestion
from understanding.learning.decisions import Decision, short_hash
from understanding.starting_set.examples import Example

MOST_LETTERS: Final = 750  # the newest; six hundred to learn from, the others judge
MOST_CHARACTERS: Final = 2_000  # of each; both bound a training: 200 MB more, minutes
LEAST_LETTERS: Final = 12  # letters of the alphabet; what is shorter is no text


def decisions(limit: int = MOST_LETTERS) -> list[Decision]:
    """Return the newest decisions, at most `limit`, in one query.

    A kind counts when a person accepted or corrected the machine's; a department when it accepted
    the letter itself. Voided and confidential letters are left out.
    """
    rows = _decided().order_by("-registered_at", "-id")[:limit]
    columns = ("pk", "kind__code", "department__code", "kind_decided", "taken")
    return [
        Decision(pk, kind or "" if decided else "", department or "" if taken else "")
        for pk, kind, department, decided, taken in rows.values_list(*columns)
    ]


def lessons(decided: Sequence[Decision]) -> Iterator[Example]:
    """Yield the letters with their texts, one after the other; those without a text are skipped."""
    senders = _senders([one.letter_id for one in decided])
    for one in decided:
        text = text_of(one.letter_id)[:MOST_CHARACTERS]
        if sum(char.isalpha() for char in text) >= LEAST_LETTERS:
            sender = senders.get(one.letter_id, "")
            yield Example(
                str(one.letter_id), text, one.kind, one.department, sender, office=True
            )  # fmt: skip


def _decided() -> QuerySet[Any, Any]:
    of_letter: Any = Q(letter=OuterRef("pk"))
    kinds = Suggestion.objects.filter(of_letter, field=Suggestion.Field.KIND).exclude(
        decision=Suggestion.Decision.PENDING
    )
    # The sum keeps SQLite from going through all assignments of the department for each letter.
    taken = Assignment.objects.alias(by=F("department_id") + 0).filter(
        of_letter,
        role=Assignment.Role.ACTION,
        by=OuterRef("department_id"),
        state__in=[AssignmentState.ACCEPTED, AssignmentState.SIGNED_OFF],
    )
    letters = Letter.objects.filter(
        register__direction__in=ROUTED, confidentiality=Level.ORDINARY
    ).exclude(stage=Stage.VOIDED)
    decided: QuerySet[Any, Any] = letters.annotate(
        kind_decided=Exists(kinds), taken=Exists(taken)
    ).filter(Q(kind_decided=True, kind__isnull=False) | Q(taken=True))
    return decided


def _senders(letters: list[UUID]) -> dict[UUID, str]:
    """Return the senders of the letters as hashes: enough to group those of one author."""
    rows = Party.objects.filter(letter__in=letters, role=Party.Role.SENDER)
    named = rows.values_list("letter_id", "name", "organisation")
    return {
        pk: f"{short_hash(name or organisation):08x}"
        for pk, name, organisation in named
        if name or organisation
    }
