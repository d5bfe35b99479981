"""Assignments by their ids as rows of lists show them, of kept queries."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import Model

from org.compiled_queries import SIZES, CompiledQuery, columns_of, filled_up, instance_of, link
from org.models import Department, User
from registry.listed import LISTED, Known, give_parties, listed_letter
from registry.models.letters import Letter
from routing.models.assignments import Assignment
from routing.models.closing import Outcome

_OWN: Final = columns_of(Assignment)
_RELATED: Final[dict[str, type[Model]]] = {"department": Department, "person": User}
_ROWS: Final = CompiledQuery(
    lambda *ids: Assignment.objects.filter(pk__in=ids).values_list(
        *_OWN,
        *(f"{name}__{column}" for name, model in _RELATED.items() for column in columns_of(model)),
        *(f"letter__{column}" for column in LISTED),
    )
)
_STANDING: Final = CompiledQuery(
    lambda *ids: Outcome.objects.filter(letter__in=ids, standing=True).values_list(
        *columns_of(Outcome)
    )
)


def assignments_among(ids: Sequence[UUID]) -> dict[UUID, Assignment]:
    """Return these assignments with department, person and letter, and what a list shows of it.

    Whose they are is not asked: the ids are of a list that has. Two queries, whose SQL is made
    once; for as many as a page has.
    """
    if len(ids) > SIZES[-1]:
        raise ValueError("more assignments than a page has")
    known: Known = {}
    rows = _ROWS.rows(*filled_up(ids)) if ids else []
    found = {one.pk: one for one in (_made(row, known) for row in rows)}
    give_parties({one.letter_id: one.letter for one in found.values()})
    return found


def _made(row: tuple[object, ...], known: Known) -> Assignment:
    """Return the assignment of a row; whatever several rows name is made once."""
    made = instance_of(Assignment, row[: len(_OWN)])
    at = len(_OWN)
    for name, model in _RELATED.items():
        width = len(columns_of(model))
        key = getattr(made, f"{name}_id")
        if key is not None and (name, key) not in known:
            known[name, key] = instance_of(model, row[at : at + width])
        link(made, name, known.get((name, key)))
        at += width
    if ("letter", made.letter_id) not in known:
        known["letter", made.letter_id] = listed_letter(row[at:], known)
    link(made, "letter", known["letter", made.letter_id])
    return made


def with_outcomes(rows: dict[UUID, Assignment]) -> dict[UUID, Assignment]:
    """Return the assignments, their letters with `outcome_said`: the valid outcome, or nothing."""
    letters: dict[UUID, Letter] = {row.letter_id: row.letter for row in rows.values()}
    said: dict[UUID, list[Outcome]] = {pk: [] for pk in letters}
    for row in _STANDING.rows(*filled_up(tuple(said))) if said else ():
        outcome = instance_of(Outcome, row)
        said[outcome.letter_id].append(outcome)
    for pk, letter in letters.items():
        letter.outcome_said = said[pk]  # type: ignore[attr-defined]
    return rows
