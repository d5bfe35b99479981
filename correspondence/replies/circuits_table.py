"""Circuits as a table: one line a circuit, known again by its French name, department and kind."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from correspondence.models.steps import Circuit, Who
from correspondence.replies.editing import CircuitData, StepData, circuit_values, save_circuit
from org.checking import checked_names, coded_row, yes_or_no
from org.errors import BadOrganisationError
from org.models import Department, LetterKind, User
from org.tables import Table
from routing.acting.errors import NotAllowedError

NAMES: Final = ("name_fr", "name_ar", "name_en")


def _save(row: dict[str, str], actor: User | None) -> str:
    unit = coded_row(Department, "department", row.get("department", "").upper())
    kind = coded_row(LetterKind, "kind", row.get("kind", "").lower())
    named = Circuit.objects.filter(name_fr=row.get("name_fr", ""))
    held = named.filter(department=unit, kind=kind).first()
    before = circuit_values(held) if held else {}
    given = {**{name: before.get(name, "") for name in NAMES}, **row}
    names, problems = checked_names(given)
    if problems:
        raise BadOrganisationError(problems)
    line = row.get("steps") or before.get("steps", "")
    active = yes_or_no(row.get("active", ""), "active", empty=bool(before.get("active", True)))
    data = CircuitData(**names, steps=_steps(line), department=unit, kind=kind, active=active)
    if held and before == {**before, **names, "steps": " ".join(line.split()), "active": active}:
        return "same"
    try:
        save_circuit(data, actor=actor, circuit=held, seen=held.version if held else 0)
    except NotAllowedError as error:
        raise BadOrganisationError({"": str(error)}) from error
    return "changed" if held else "new"


def _steps(line: str) -> list[StepData]:
    return [_step(part) for part in line.split()]


def _step(part: str) -> StepData:
    rank, act, who, whom = [*part.split(":"), "", "", ""][:4]
    if not (rank.isascii() and rank.isdecimal() and len(rank) <= 2):
        words = _("A step is written like 1:visa:head; this is none: %(step)s")
        raise BadOrganisationError({"steps": words % {"step": part[:40]}})
    person = User.objects.filter(username=whom).first() if who == Who.PERSON else None
    unit = Department.objects.filter(code=whom).first() if who == Who.HEAD_OF else None
    return StepData(int(rank), act, who, person, unit)


def _rows() -> Iterator[Sequence[str]]:
    order = ("name_fr", "name_ar", "name_en", "department", "kind", "steps")
    for circuit in Circuit.objects.order_by("pk"):
        told = circuit_values(circuit)
        yield (*(str(told[name] or "") for name in order), "yes" if told["active"] else "no")


CIRCUITS = Table(
    name="circuits",
    columns=(*NAMES, "department", "kind", "steps", "active"),
    needed=("name_fr", "steps"),
    save=_save,
    rows=_rows,
)
