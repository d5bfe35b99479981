"""Absences of people, and who stands in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models.people import User


class Absence(models.Model):
    """A person is away from the first day to the last, both included, and another stands in.

    Never removed: `ended_at` says that the person came back before the last day.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(delegate=models.F("person")), name="absence_has_another_delegate"
            ),
        ]
        indexes = [
            models.Index(fields=["delegate", "ends_on"], name="absence_of_delegate"),
            models.Index(fields=["person", "ends_on"], name="absence_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} away from {self.starts_on} to {self.ends_on}"
