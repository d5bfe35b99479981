"""Departments as a table: one line a department, the one it belongs to before it."""

from collections.abc import Iterator, Sequence

from org.checking import yes_or_no
from org.models import Department, User
from org.tables import Table
from org.units import COLUMNS, save_department, tree


def _save(row: dict[str, str], actor: User | None) -> str:
    """Save a line; a column that the table lacks keeps what the department has."""
    code = row.get("code", "").upper()
    unit = Department.objects.filter(code=code).first()
    values: dict[str, object] = {"code": code}
    if unit:
        values |= {name: getattr(unit, name) for name in COLUMNS}
        values["parent"] = unit.parent.code if unit.parent else ""
    values |= row
    if "head_office" in row:
        values["head_office"] = yes_or_no(row["head_office"], "head_office", empty=False)
    return save_department(values, actor=actor, department=unit)[1]


def _rows() -> Iterator[Sequence[str]]:
    codes = dict(Department.objects.values_list("pk", "code"))
    for branch in tree():
        unit = branch.department
        yield (
            unit.code,
            *(unit.name_ar, unit.name_fr, unit.name_en),
            codes[unit.parent_id] if unit.parent_id else "",
            unit.email,
            "yes" if unit.head_office else "no",
            str(unit.position),
        )


DEPARTMENTS = Table(
    name="departments",
    columns=(
        *("code", "name_ar", "name_fr", "name_en", "parent", "email", "head_office", "position"),
    ),
    needed=("code",),
    save=_save,
    rows=_rows,
    once=str.upper,
)
