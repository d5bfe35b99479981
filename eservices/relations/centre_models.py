"""Tables around the contacts of the centre: keys of callers' names, views, notes of shifts."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from org.models import Department


class CallerKey(models.Model):
    """A key of a name under which a caller is found (`language.names`), in either script.

    `caller` is "phone:<index>" or "contract:<number>", or "call:<id>" where neither is known.
    """

    key = models.CharField(max_length=60)
    caller = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "caller"], name="one_caller_key"),
        ]

    def __str__(self) -> str:
        return f"key {self.pk}"


class CustomerView(models.Model):
    """Who viewed a customer's page on which day, and how often (Loi 09-08)."""

    customer = models.CharField(max_length=80)
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "day", "viewer"], name="one_customer_view_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"


class ShiftNote(models.Model):
    """What one shift of the centre leaves to the next; `left` counts what was open then."""

    unit = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    shift_on = models.DateField()
    shift = models.CharField(max_length=12)
    text = models.TextField()
    left = models.JSONField(default=dict)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "-id"], name="shift_notes")]

    def __str__(self) -> str:
        return f"{self.shift_on} {self.shift}"
