"""Reading letters on somebody's behalf: the one queryset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from org.models import User


class LetterQuerySet(models.QuerySet[Any]):
    """Letters, narrowed by right."""

    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """The letters that this person may read now; nobody's is an empty set.

        All-readers (clerk, director, auditor) read every letter up to their clearance; others
        read what is addressed to their departments, up to the level they have there.
        """
        from org.people import standing_of
        from registry.models import DepartmentReader

        if not viewer.is_authenticated:
            return self.none()
        standing = standing_of(viewer)
        allowed = Q()
        if standing.reads_all:
            allowed |= Q(confidentiality__lte=standing.clearance)
        levels = {standing.department_level(code) for code in standing.departments}
        if standing.reads_all:
            levels = {level for level in levels if level > standing.clearance}
        for level in levels:
            codes = [c for c in standing.departments if standing.department_level(c) == level]
            reads = DepartmentReader.objects.filter(
                letter=OuterRef("pk"), active=True, department__code__in=codes
            )
            allowed |= Q(Exists(reads), confidentiality__lte=level)
        return self.filter(allowed) if allowed else self.none()

    def for_lists(self) -> Self:
        """With what a row of a list shows, in a fixed number of queries."""
        return self.select_related("register", "kind", "department").prefetch_related("parties")

    def numbered(self, key: str) -> Self:
        """The letter of a number as `language.numerals.registry_number_key` writes it."""
        from registry.models import Register

        year, code, serial = key.split("/")
        # Looked up before: through a join a database would rather go through all letters.
        registers = list(Register.objects.filter(code__iexact=code).values_list("pk", flat=True))
        return self.filter(register__in=registers, year=int(year), serial=int(serial))
