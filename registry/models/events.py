"""The events of letters, chained by their hashes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter


class LetterEvent(models.Model):
    """One line of a letter's history, chained by hash to the line before it."""

    class Visibility(models.TextChoices):
        CITIZEN = "citizen", _("Citizen")
        STAFF = "staff", _("Staff")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(max_length=40)
    visibility = models.CharField(max_length=8, choices=Visibility, default="staff")
    data = models.JSONField(default=dict)
    seals = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    register_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["letter", "seq"], name="one_event")]
        indexes = [models.Index(fields=["at"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.letter_id} #{self.seq} {self.kind}"
