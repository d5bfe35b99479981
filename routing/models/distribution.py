"""The tables of distribution lists: departments that get a letter together."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from org.models import Department

ROLES = [("action", _("For action")), ("copy", _("Copy for information"))]


class DistributionList(models.Model):
    """A named list that administrators keep; an inactive one is offered no more."""

    name = models.CharField(_("name"), max_length=100)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_list_of_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="list_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class DistributionEntry(models.Model):
    """A department on a list, for action or with a copy."""

    list = models.ForeignKey(DistributionList, on_delete=models.CASCADE, related_name="entries")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=6, choices=ROLES)

    class Meta:
        ordering = ["role", "department__position", "department__code"]
        constraints = [
            models.UniqueConstraint(fields=["list", "department"], name="one_entry_of_a_list"),
            models.CheckConstraint(condition=Q(role__in=["action", "copy"]), name="entry_role"),
        ]

    def __str__(self) -> str:
        return f"{self.list_id}: {self.department_id} ({self.role})"
