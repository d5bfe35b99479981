"""The administrator edits circuits: validated and saved whole, never over another's edit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from correspondence.models.steps import Act, Circuit, CircuitStep, Who
from language.lines import one_line
from org.history import record, values_of
from org.models import Department, LetterKind, OrgChange, User
from registry.acts import record_act
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class StepData:
    """A step as submitted: steps of the same rank (from 1) are taken in parallel."""

    rank: int
    act: str
    who: str
    person: User | None = None
    department: Department | None = None


@dataclass(frozen=True, slots=True)
class CircuitData:
    """A circuit as submitted; without department or kind it is for all of them."""

    name_ar: str
    name_fr: str
    name_en: str
    steps: Sequence[StepData]
    department: Department | None = None
    kind: LetterKind | None = None
    active: bool = True


def save_circuit(
    data: CircuitData, *, actor: User | None, circuit: Circuit | None = None, seen: int = 0
) -> Circuit:
    """Save a new circuit, or a changed one whose version is still the one `seen`.

    Replies under way keep the steps that were copied. Raise NotAllowedError with what is wrong,
    ConflictError.
    """
    if actor and actor.duty != User.Duty.ADMINISTRATOR:
        raise NotAllowedError(_("Circuits are written by administrators."))
    steps = checked_steps(data.steps)
    names = {n: one_line(getattr(data, n), 200) for n in ("name_ar", "name_fr", "name_en")}
    if not all(names.values()):
        raise NotAllowedError(_("Give the circuit a name in each language."))
    values = {
        **names,
        "department": data.department,
        "kind": data.kind,
        "active": data.active,
        "version": seen + 1,
    }
    with transaction.atomic():
        before = circuit_values(circuit) if circuit else None
        if circuit is None:
            circuit = Circuit.objects.create(**values)
        elif not Circuit.objects.filter(pk=circuit.pk, version=seen).update(**values):
            raise ConflictError
        _write_steps(circuit, steps)
        circuit.refresh_from_db()
        record_act("circuit_kept", actor=actor, data=audit_values(circuit, steps))
        record(
            OrgChange.Noun.CIRCUIT,
            str(circuit.pk),
            "changed" if before else "created",
            actor=actor,
            before=before,
            after=circuit_values(circuit),
        )
    return circuit


def _write_steps(circuit: Circuit, steps: Sequence[StepData]) -> None:
    CircuitStep.objects.filter(circuit=circuit).delete()
    CircuitStep.objects.bulk_create(
        CircuitStep(
            circuit=circuit,
            rank=step.rank,
            act=step.act,
            who=step.who,
            person=step.person,
            department=step.department,
        )
        for step in steps
    )


def circuit_values(circuit: Circuit) -> dict[str, Any]:
    """Return the circuit's fields for its history and its table; the steps as one line."""
    held = Circuit.objects.select_related("department", "kind").get(pk=circuit.pk)
    rows = CircuitStep.objects.filter(circuit=held).select_related("person", "department")
    columns = ("name_ar", "name_fr", "name_en", "department", "kind", "active")
    return {**values_of(held, columns), "steps": steps_line(rows)}


def steps_line(steps: Iterable[Any]) -> str:
    """Return steps as "1:visa:head 2:signature:director"; with a person or department after it."""
    return " ".join(":".join(_step_parts(step)) for step in steps)


def _step_parts(step: Any) -> list[str]:
    parts = [str(step.rank), str(step.act), str(step.who)]
    if step.who == Who.PERSON and step.person:
        parts.append(step.person.username)
    elif step.who == Who.HEAD_OF and step.department:
        parts.append(step.department.code)
    return parts


def audit_values(circuit: Circuit, steps: Sequence[StepData | CircuitStep]) -> dict[str, Any]:
    """Return the circuit as the audit record keeps it."""
    return {
        "circuit": circuit.pk,
        "department": circuit.department.code if circuit.department else None,
        "kind": circuit.kind.code if circuit.kind else None,
        "active": circuit.active,
        "steps": [
            {
                "rank": step.rank,
                "act": str(step.act),
                "who": str(step.who),
                "person": step.person.pk if step.person else None,
                "department": step.department.code if step.department else None,
            }
            for step in steps
        ],
    }


def checked_steps(steps: Sequence[StepData]) -> list[StepData]:
    """Return the steps in order, ranks without gaps; raise NotAllowedError with what is invalid."""
    if not steps:
        raise NotAllowedError(_("A circuit has at least one step."))
    if len(steps) > MOST_STEPS:
        raise NotAllowedError(_("A circuit has at most %(most)d steps.") % {"most": MOST_STEPS})
    for step in steps:
        _check(step)
    ranks = {rank: place for place, rank in enumerate(sorted({s.rank for s in steps}), start=1)}
    ordered = [replace(_only_whom(s), rank=ranks[s.rank]) for s in sorted(steps, key=_rank)]
    signatures = [s for s in ordered if s.act == Act.SIGNATURE]
    alone = [s for s in ordered if s.rank == ordered[-1].rank] == signatures
    if signatures and not (len(signatures) == 1 and alone):
        words = _("One signature at most, as the last step and alone: it takes the number.")
        raise NotAllowedError(words)
    return ordered


def _rank(step: StepData) -> int:
    return step.rank


def _check(step: StepData) -> None:
    if step.act not in Act.values or step.who not in Who.values:
        raise NotAllowedError(_("Say for each step what is done and by whom."))
    if step.who == Who.PERSON and not (step.person and step.person.is_active):
        raise NotAllowedError(_("Name the person of each step that falls to a person."))
    if step.who == Who.HEAD_OF and not (step.department and step.department.active):
        raise NotAllowedError(_("Name the department of each step that falls to its head."))


def _only_whom(step: StepData) -> StepData:
    """Remove a person or department that its `who` does not refer to."""
    return replace(
        step,
        person=step.person if step.who == Who.PERSON else None,
        department=step.department if step.who == Who.HEAD_OF else None,
    )
