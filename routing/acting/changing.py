"""One context for every change of a letter or an assignment: the lock, the right, the event."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

from org.models import User
from registry.changes import lock, record_change
from registry.kinds import EventKind
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import move
from routing.acting.access import letter_verbs, need, need_on
from routing.acting.situations import Situation
from routing.acting.verbs import LetterVerb
from routing.models.assignments import Assignment
from routing.models.states import ASSIGNMENT_MOVES


@dataclass(frozen=True, slots=True)
class LetterChange:
    """A change of a letter under way: it is locked and the person has the right to the verb."""

    now: Situation
    verb: LetterVerb

    @property
    def behalf(self) -> dict[str, int]:
        """What the event records about whom the person acts for; ask before the letter changes."""
        return self.now.behalf(lambda own: self.verb in letter_verbs(own))


@contextmanager
def changing_letter(letter: Letter, *, actor: User, verb: LetterVerb) -> Iterator[LetterChange]:
    """Open a transaction, lock the letter and check the right once; raise NotAllowedError."""
    with transaction.atomic():
        lock(letter)
        yield LetterChange(need(actor, letter, verb), verb)


@dataclass(frozen=True, slots=True)
class AssignmentChange:
    """A change of an assignment under way: its letter is locked and the actor has the right.

    `behalf` is what each event records about whom the actor acts for.
    """

    assignment: Assignment
    actor: User
    behalf: dict[str, int]

    @property
    def letter(self) -> Letter:
        """The letter that is assigned, as it is now."""
        return self.assignment.letter

    def move(self, state: str, **changes: Any) -> None:
        """Move the assignment on; raise ConflictError where somebody was faster."""
        move(self.assignment, state, moves=ASSIGNMENT_MOVES, **changes)

    def record(
        self,
        kind: EventKind,
        *,
        data: dict[str, Any] | None = None,
        rows: Iterable[Model] = (),
        changes: dict[str, Any] | None = None,
        stage: str = "",
        citizen: bool = False,
    ) -> None:
        """Record one event for the assignment, further rows, and the letter's columns and stage."""
        record_change(
            self.letter,
            kind,
            actor=self.actor,
            data={"department": self.assignment.department.code, **(data or {}), **self.behalf},
            rows=[self.assignment, *rows],
            changes=changes,
            stage=stage,
            visibility=LetterEvent.Visibility.CITIZEN if citizen else LetterEvent.Visibility.STAFF,
        )


@contextmanager
def changing_assignment(
    assignment: Assignment, *, actor: User, verb: LetterVerb
) -> Iterator[AssignmentChange]:
    """Open a transaction, lock the letter, reload the row and check the right once.

    The state stays as the caller knew it: the compare-and-set finds whether it has moved on. Raise
    NotAllowedError, and ConflictError where somebody else has decided before.
    """
    with transaction.atomic():
        letter, known = assignment.letter, assignment.state
        lock(letter)
        assignment.refresh_from_db()
        assignment.letter, assignment.state = letter, known
        yield AssignmentChange(assignment, actor, need_on(actor, assignment, verb))
