"""Whose work a person may see in lists and figures: the whole office's, or departments'."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from org.models import Department, User
from org.people import permissions_of


@dataclass(frozen=True, slots=True)
class Scope:
    """Departments (code → row) and up to which level of confidentiality letters are readable there.

    `everything`: the letters of any department, up to `clearance`.
    """

    departments: dict[str, Department]
    levels: dict[str, int]
    everything: bool
    clearance: int

    def codes(self, chosen: str = "") -> list[str]:
        """Return the departments in view: the chosen one, if it is among them, or all."""
        return [code for code in self.departments if chosen in ("", code)]

    def ids(self, chosen: str = "") -> list[int]:
        """Return the departments in view as keys of rows."""
        return [self.departments[code].pk for code in self.codes(chosen)]


def work_scope(viewer: User | AnonymousUser) -> Scope:
    """Return whose letters this person's lists may show.

    Those of all departments for the office, the director and auditors, of their own for the
    others; empty for anonymous users.
    """
    return _scope(viewer, heads_only=False)


def figures_scope(viewer: User | AnonymousUser) -> Scope:
    """Return whose figures this person may see: as `work_scope`, for the departments they head."""
    return _scope(viewer, heads_only=True)


def _scope(viewer: User | AnonymousUser, *, heads_only: bool) -> Scope:
    if not isinstance(viewer, User):
        return Scope({}, {}, everything=False, clearance=-1)
    permissions = permissions_of(viewer)
    own = [
        code for code, role in permissions.departments.items() if role == "head" or not heads_only
    ]
    rows = Department.objects.all()
    if not permissions.reads_all:
        rows = rows.filter(code__in=own)
    departments = {row.code: row for row in rows}
    levels = {
        code: max(
            permissions.clearance if permissions.reads_all else -1,
            permissions.department_level(code),
        )
        for code in departments
    }
    return Scope(departments, levels, permissions.reads_all, permissions.clearance)
