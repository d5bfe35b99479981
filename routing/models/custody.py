"""The table of the paper's custody."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models import Department
from registry.models.letters import Letter
from registry.models.sealed import Sealed


class Custody(Sealed):
    """One stage of the custody of a letter's paper; the `current` one states who has it.

    A person, a department or a box holds it. A handover is confirmed by its recipient: until then
    `confirmed_at` is empty. A person who takes a paper confirms it by taking it.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="custody")
    current = models.BooleanField(default=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    box = models.CharField(_("archive box"), max_length=60, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["given_at", "pk"]
        verbose_name_plural = "custody"
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(current=True), name="one_holder_of_a_paper"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, department__isnull=True, box="")
                | Q(person__isnull=True, department__isnull=False, box="")
                | Q(person__isnull=True, department__isnull=True) & ~Q(box=""),
                name="paper_has_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="paper_confirmed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "given_at"], condition=Q(current=True), name="paper_of_person"
            ),
            models.Index(
                fields=["department", "given_at"], condition=Q(current=True), name="paper_of_unit"
            ),
            models.Index(
                fields=["given_by", "given_at"],
                condition=Q(current=True, confirmed_at__isnull=True),
                name="paper_not_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"paper of {self.letter_id}"
