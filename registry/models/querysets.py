"""The queryset that selects the letters a person may read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from registry.models.readers import DepartmentReader
from registry.models.registers import Register

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from org.models import User
    from org.people import Permissions

_BRACES: Final = re.compile(r"\{[^}]*\}")
_NO_WORD: Final = re.compile(r"[\W_]+")


class LetterQuerySet(models.QuerySet[Any]):
    """Letters, restricted by access rights."""

    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Return the letters that this person may read now; none for an anonymous one.

        All-readers (clerk, director, auditor) read every letter up to their clearance; others read
        what is addressed to their departments, up to the level they have there, and to them or, for
        a director's stand-in, to the directors.
        """
        from org.people import permissions_of

        if not viewer.is_authenticated:
            return self.none()
        permissions = permissions_of(viewer)
        allowed = Q()
        if permissions.reads_all:
            allowed |= Q(confidentiality__lte=permissions.clearance)
        levels = {permissions.department_level(code) for code in permissions.departments}
        levels |= {*permissions.asked_as.values(), permissions.directing} - {-1}
        if permissions.reads_all:
            levels = {level for level in levels if level > permissions.clearance}
        for level in levels:
            rows = DepartmentReader.objects.filter(
                _addressed_to(permissions, level), letter=OuterRef("pk"), active=True
            )
            allowed |= Q(Exists(rows), confidentiality__lte=level)
        return self.filter(allowed) if allowed else self.none()

    def for_lists(self) -> Self:
        """Fetch also what a row of a list shows, in a fixed number of queries."""
        return self.select_related("register", "kind", "department").prefetch_related("parties")

    def numbered(self, key: str) -> Self:
        """Return the letter of a number as `language.numerals.registry_number_key` writes it."""
        year, code, serial = key.split("/")
        # Looked up before: through a join a database would rather go through all letters.
        registers = _registers_written(code)
        return self.filter(register__in=registers, year=int(year), serial=int(serial))


def _registers_written(code: str) -> set[int]:
    """Return the registers whose numbers show this code: their own, or a word of a pattern."""
    rows = Register.objects.values_list("pk", "code", "pattern", "versions__pattern")
    return {
        pk
        for pk, own, *patterns in rows
        if own.upper() == code or any(code in _words(pattern or "") for pattern in patterns)
    }


def _words(pattern: str) -> set[str]:
    """Return what a number pattern writes besides its parts in braces, in upper case."""
    return {word for word in _NO_WORD.split(_BRACES.sub("/", pattern).upper()) if word}


def _addressed_to(permissions: Permissions, level: int) -> Q:
    """Return the rows of `DepartmentReader` that give the person letters of just this level."""
    codes = [c for c in permissions.departments if permissions.department_level(c) == level]
    # By id: through a join a database would not begin with the few letters of a department.
    found = Q(department__in=[permissions.ids[code] for code in codes], heads=False)
    if headed := [
        permissions.ids[code] for code in codes if permissions.departments[code] == "head"
    ]:
        found |= Q(department__in=headed, heads=True)
    if people := [pk for pk, theirs in permissions.asked_as.items() if theirs == level]:
        found |= Q(person__in=people)
    if permissions.directing == level:
        found |= Q(directors=True)
    return found
