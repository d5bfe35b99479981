"""The departments and people who may read a letter."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from org.models import Department
from registry.models.sealed import Sealed


class DepartmentReader(Sealed):
    """Somebody to whom a letter is addressed, and who may therefore read it.

    A department, with `heads` its heads alone, one person who is to act or answer, or (`directors`)
    whoever is director at the time.
    """

    ADDED = ("heads", "person_id", "directors")

    letter = models.ForeignKey("registry.Letter", on_delete=models.PROTECT, related_name="readers")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True)
    heads = models.BooleanField(default=False, db_default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    directors = models.BooleanField(default=False, db_default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "department", "heads"], name="one_reader"),
            models.UniqueConstraint(fields=["letter", "person"], name="one_reading_person"),
            models.UniqueConstraint(
                fields=["letter"], condition=Q(directors=True), name="directors_read_once"
            ),
            models.CheckConstraint(
                condition=Q(department__isnull=False, person__isnull=True, directors=False)
                | Q(department__isnull=True, person__isnull=False, heads=False, directors=False)
                | Q(department__isnull=True, person__isnull=True, heads=False, directors=True),
                name="reader_is_one",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "active", "letter"], name="reader_of_department"),
            models.Index(fields=["person", "active", "letter"], name="reader_of_person"),
        ]

    def __str__(self) -> str:
        who = "directors" if self.directors else self.department_id or self.person_id
        return f"{who} reads {self.letter_id}"
