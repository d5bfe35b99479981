"""Departments as a tree: created, renamed, moved, closed with an heir; each change on record."""

import re
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from org.checking import NAMES, checked_names, checked_position, email_problem
from org.errors import BadOrganisationError
from org.history import change_row, record, values_of
from org.models import Department, Membership, OrgChange, User

CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}\Z")
COLUMNS: Final = (*NAMES, "parent", "email", "head_office", "position")
HISTORY: Final = (*COLUMNS, "active", "heir", "closed_on")
DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class Branch:
    """A department in the tree, with how deep it stands (0: at the top)."""

    department: Department
    depth: int


def tree(*, closed: bool = False) -> list[Branch]:
    """Return the departments, each under the one it belongs to; on request the closed ones too."""
    rows = Department.objects.all() if closed else Department.objects.filter(active=True)
    children: dict[int | None, list[Department]] = {}
    present = {row.pk for row in rows}
    for row in rows:
        above = row.parent_id if row.parent_id in present else None
        children.setdefault(above, []).append(row)
    found: list[Branch] = []
    waiting = [Branch(row, 0) for row in reversed(children.get(None, []))]
    while waiting:
        branch = waiting.pop()
        found.append(branch)
        below = children.get(branch.department.pk, [])
        waiting += [Branch(row, branch.depth + 1) for row in reversed(below)]
    return found


def save_department(
    values: dict[str, Any], *, actor: User | None, department: Department | None = None
) -> tuple[Department, str]:
    """Create a department, or change one; return it with "new", "changed" or "same".

    `values` holds `code` (of a new one) and the COLUMNS, `parent` as a code. Raise
    BadOrganisationError.
    """
    with transaction.atomic():
        given = _checked(values, department)
        if given["head_office"]:
            others = Department.objects.filter(head_office=True).exclude(code=given.get("code", ""))
            if department:
                others = others.exclude(pk=department.pk)
            others.update(head_office=False)
        if department is None:
            made = Department.objects.create(**given)
            after = values_of(made, HISTORY)
            record(OrgChange.Noun.DEPARTMENT, made.code, "created", actor=actor, after=after)
            return made, "new"
        held = Department.objects.select_for_update().get(pk=department.pk)
        return held, change_row(
            OrgChange.Noun.DEPARTMENT, held, given, columns=COLUMNS, kept=HISTORY, actor=actor
        )


def close(department: Department, *, heir: Department, actor: User | None) -> None:
    """Close a department: people, departments below it and earlier inheritances go to the heir.

    Its code stays, and the heir's people read what it had. In the caller's transaction, which
    moves what other packages keep for it. Raise BadOrganisationError.
    """
    held = need_heir(department, heir)
    before = values_of(held, HISTORY)
    _move_people(held, heir)
    if _is_below(heir, held):
        Department.objects.filter(pk=heir.pk).update(parent=held.parent_id)
    Department.objects.filter(parent=held).exclude(pk=heir.pk).update(parent=heir)
    Department.objects.filter(heir=held).update(heir=heir)
    if held.head_office:
        Department.objects.filter(pk=heir.pk).update(head_office=True)
    held.active, held.heir, held.head_office = False, heir, False
    held.closed_on = timezone.localdate()
    held.save(update_fields=["active", "heir", "head_office", "closed_on"])
    record(
        OrgChange.Noun.DEPARTMENT,
        held.code,
        "closed",
        actor=actor,
        before=before,
        after=values_of(held, HISTORY),
    )


def heir_if_closed(unit: Department | None) -> Department | None:
    """Return the department, the heir of one that is closed; None for None."""
    return unit.heir if unit and not unit.active else unit


def members_of(department: Department) -> QuerySet[Membership]:
    """Return the places of its people."""
    return Membership.objects.filter(department=department)


def below(department: Department) -> QuerySet[Department]:
    """Return the open departments right below it."""
    return Department.objects.filter(parent=department, active=True)


def need_heir(department: Department, heir: Department) -> Department:
    """Return the department as it is, locked, when the heir can have what it has.

    Raise BadOrganisationError where either is closed, or both are the same.
    """
    held = Department.objects.select_for_update().get(pk=department.pk)
    if not held.active:
        raise BadOrganisationError({"": _("This department is closed already.")})
    if not heir.active or heir.pk == held.pk:
        raise BadOrganisationError({"heir": _("The heir is another department that is open.")})
    return held


def _move_people(held: Department, heir: Department) -> None:
    """Make the department's people members of the heir; its head stays one where none is there."""
    headed = Membership.objects.filter(department=heir, role=Membership.Role.HEAD).exists()
    for row in Membership.objects.filter(department=held).select_related("user"):
        present = Membership.objects.filter(department=heir, user=row.user)
        role = row.role if not headed else str(Membership.Role.MEMBER)
        if not present.exists():
            Membership.objects.create(department=heir, user=row.user, role=role)
        elif role == Membership.Role.HEAD:
            present.update(role=role)
        row.delete()


def _is_below(department: Department, above: Department) -> bool:
    """Return whether a department stands somewhere under another."""
    step: Department | None = department
    for _level in range(DEEPEST + 1):
        step = step.parent if step else None
        if step is None:
            return False
        if step.pk == above.pk:
            return True
    return True


def _checked(values: dict[str, Any], department: Department | None) -> dict[str, Any]:
    given, unnamed = checked_names(values)
    problems: dict[str, Any] = {}
    if department is None:
        given["code"] = str(values.get("code", "")).strip().upper()
        problems |= _code_problems(given["code"])
    problems |= unnamed
    given["email"] = str(values.get("email", "") or "").strip()
    problems |= email_problem(given["email"])
    given["head_office"] = bool(values.get("head_office"))
    given["position"], wrong = checked_position(values.get("position"))
    problems |= wrong
    given["parent"], wrong = _parent(values.get("parent"), department)
    if problems := problems | wrong:
        raise BadOrganisationError(problems)
    return given


def _code_problems(code: str) -> dict[str, str]:
    if not CODE.match(code):
        return {"code": _("One to twelve capital letters, digits or hyphens, as in “BO”.")}
    if Department.objects.filter(code=code).exists():
        return {"code": _("Another department has this code.")}
    return {}


def _parent(code: Any, department: Department | None) -> tuple[Department | None, dict[str, str]]:
    """Return the department that one belongs to, or what is wrong with it."""
    code = str(code or "").strip().upper()
    if not code:
        return None, {}
    found = Department.objects.filter(code=code, active=True).first()
    if found is None:
        return None, {"parent": _("There is no such department: %(codes)s") % {"codes": code}}
    if department and (found.pk == department.pk or _is_below(found, department)):
        return None, {"parent": _("A department does not belong to itself or to one below it.")}
    return found, {}
