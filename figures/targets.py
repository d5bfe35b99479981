"""Targets of the figures: kept with their history; the most particular one counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from figures.models import Target
from org.checking import yes_or_no
from org.errors import BadOrganisationError
from org.history import change_row, record, values_of
from org.models import Department, LetterKind, User
from org.tables import Table

NOUN: Final = "target"  # of its changes in the history of the organisation
COLUMNS: Final = ("measure", "department", "kind", "value", "active")
_CHANGED: Final = ("value", "active")

MOST_DAYS: Final = 999


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets in force: of a measure for a department and a kind."""

    values: dict[tuple[str, str, str], int]

    def of(self, measure: str, department: str = "", kind: str = "") -> int | None:
        """Return the target of both, else of the department, of the kind, or of all; or None."""
        for key in ((department, kind), (department, ""), ("", kind), ("", "")):
            if (measure, *key) in self.values:
                return self.values[(measure, *key)]
        return None


def targets() -> Targets:
    """Return the targets in force, by one query."""
    rows = Target.objects.filter(active=True)
    columns = rows.values_list("measure", "department__code", "kind__code", "value")
    return Targets({(m, dep or "", kind or ""): value for m, dep, kind, value in columns})


def reaches(measure: str, value: float, target: int) -> bool:
    """Return whether a figure is as good as its target: a share as high, days as few."""
    return value >= target if measure == Target.Measure.IN_TERM else value <= target


def save_target(
    values: dict[str, Any], *, actor: User | None, target: Target | None = None
) -> tuple[Target, str]:
    """Set a target, or change its value; return it with "new", "changed" or "same".

    A target is never removed: one that is not `active` counts no more. Setting one of the same
    measure, department and kind again changes it. Raise BadOrganisationError.
    """
    with transaction.atomic():
        given = _checked(values, target)
        held = (
            target
            or Target.objects.filter(
                measure=given["measure"], department=given["department"], kind=given["kind"]
            ).first()
        )
        if held is None:
            made = Target.objects.create(**given)
            after = values_of(made, COLUMNS)
            record(NOUN, made.code, "created", actor=actor, after=after)
            return made, "new"
        held = Target.objects.select_for_update().get(pk=held.pk)
        return held, change_row(NOUN, held, given, columns=_CHANGED, kept=_CHANGED, actor=actor)


def targets_of(department: Department) -> QuerySet[Target]:
    """Return the targets in force of a department."""
    return Target.objects.filter(department=department, active=True)


def give_targets(department: Department, heir: Department, actor: User) -> None:
    """Give each target of a department that is closed to its heir, unless the heir has one."""
    for target in targets_of(department).select_related("kind").order_by("pk"):
        same = {"measure": target.measure, "kind": target.kind}
        if not targets_of(heir).filter(**same).exists():
            kind = target.kind.code if target.kind else ""
            given = {"measure": target.measure, "department": heir.code, "kind": kind}
            save_target(given | {"value": target.value}, actor=actor)
        save_target({"value": target.value, "active": False}, actor=actor, target=target)


def _checked(values: dict[str, Any], target: Target | None) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    given: dict[str, Any] = {"active": bool(values.get("active", True))}
    measure = target.measure if target else str(values.get("measure", ""))
    if measure not in Target.Measure.values:
        problems["measure"] = _("No such figure.")
    most = 100 if measure == Target.Measure.IN_TERM else MOST_DAYS
    text = str(values.get("value", "")).strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else -1
    if not (1 if most == 100 else 0) <= number <= most:
        problems["value"] = _("A whole number, at most %(most)s.") % {"most": most}
    given |= {"value": number}
    if target is None:
        given["measure"] = measure
        models: tuple[tuple[str, Any], ...] = (("department", Department), ("kind", LetterKind))
        for name, model in models:
            code = str(values.get(name) or "").strip()
            given[name] = model.objects.filter(code=code).first() if code else None
            if code and given[name] is None:
                problems[name] = _("Nothing has this code.")
    if problems:
        raise BadOrganisationError(problems)
    return given


def _save(row: dict[str, str], actor: User | None) -> str:
    values: dict[str, Any] = dict(row)
    values["active"] = yes_or_no(row.get("active", ""), "active")
    return save_target(values, actor=actor)[1]


def _rows() -> Iterator[Sequence[str]]:
    for row in in_order(Target.objects.all()):
        department = row.department.code if row.department else ""
        kind = row.kind.code if row.kind else ""
        yield (row.measure, department, kind, str(row.value), "yes" if row.active else "no")


def in_order(rows: Any) -> Iterable[Target]:
    """Return targets with what they are of, by measure."""
    found: Iterable[Target] = rows.select_related("department", "kind").order_by("measure", "pk")
    return found


TARGETS: Final = Table(
    name="targets",
    columns=COLUMNS,
    needed=("measure", "value"),
    save=_save,
    rows=_rows,
)
