"""A small office that learns: the letters of two departments, and letters decided by people."""

from __future__ import annotations

from itertools import count

from org.models import User
from registry.models.letters import Letter
from registry.reading.readings import NewReading, record_readings
from routing.assigning import giving
from routing.check import decisions
from routing.inbox import assignments
from routing.inbox import reading as routing_reading
from routing.models.suggestions import Suggestion
from routing.proposals import suggesting
from tests.factories import department, deposit
from understanding.learning.decisions import Decision
from understanding.starting_set import starting_set

SMALL = [
    one
    for one in starting_set()
    if one.author and one.author <= "s25" and one.department in ("EAU", "FIN")
]
# In the words of accountants; people know that this is a matter of EAU.
FOUNTAIN = "Avis d'échéance : la banque du square est cassée, les canards attendent leur relevé"
_numbers = count(1)


def letter_with(text: str, *, judges: bool = False) -> Letter:
    """A letter of which this was read; whether it is one that judges is chosen."""
    while True:
        letter = deposit(subject="", sender=f"Personne {next(_numbers)}").letter
        if Decision(letter.pk, "", "").judges == judges:
            break
    reading = NewReading(letter.documents.get().pk, "test 1", "fr", text, [])
    record_readings(letter, [reading])
    return letter


def understood(letter: Letter) -> Suggestion:
    """What the machine now proposes as this letter's department."""
    result = suggesting.understand_letter_work(str(letter.pk), lambda _done, _total: None)
    suggesting.save_understanding(str(letter.pk), result)
    best = routing_reading.suggestions_of(letter).filter(field="department").first()
    assert best is not None
    return best


def decided(letter: Letter, *, kind: str, code: str, clerk: User, member: User) -> None:
    """People say what the letter is: the clerk its kind and department, which takes it in hand."""
    letter.refresh_from_db()
    decisions.decide_suggestion(letter, actor=clerk, values={"kind": kind, "department": code})
    assignment = giving.assign(letter, department=department(code), actor=clerk)
    assignments.accept(assignment, actor=member)
