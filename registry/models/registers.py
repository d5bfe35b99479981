"""Registers and their series of numbers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models import ThreeNames


class Register(ThreeNames):
    """A book of numbers. `pattern` uses {year}, {register} and {serial} (a format of Python)."""

    class Direction(models.TextChoices):
        INCOMING = "in", _("Incoming")
        OUTGOING = "out", _("Outgoing")
        INTERNAL = "internal", _("Internal")
        MINUTES = "minutes", _("Minutes of voiding")

    DEPOSITED = (Direction.INCOMING, Direction.INTERNAL)  # where letters are deposited

    code = models.CharField(_("code"), max_length=12, unique=True)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction)
    pattern = models.CharField(
        _("number pattern"), max_length=60, default="{year}/{register}/{serial:06d}"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=["in", "out", "internal", "minutes"]),
                name="register_direction_known",
            )
        ]


class NumberSeries(models.Model):
    """The last number of a register in a year, the first one, and the heads of its chains.

    The head of that register's chain, and the hash of its newest closing (so that a closing cut off
    at the end is missed).
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="series")
    year = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField(default=1, db_default=1)  # above 1: went on from paper
    last = models.PositiveIntegerField(default=0)
    chain_head = models.CharField(max_length=64, blank=True)
    closing_head = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "year"], name="one_series")]

    def __str__(self) -> str:
        return f"{self.register_id}/{self.year}: {self.last}"


class RegisterVersion(ThreeNames):
    """The names and the number pattern of a register from a day on; codes stay.

    Without a version the register's own row says them. Numbers that were given stay as they were.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="versions")
    valid_from = models.DateField()
    pattern = models.CharField(max_length=60)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["register", "valid_from"], name="one_version_a_day")
        ]
