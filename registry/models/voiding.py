"""Voiding a letter: requested by one person, decided by another."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter
from registry.models.sealed import Sealed


class VoidRequest(Sealed):
    """A request with a reason, decided by another person; if approved, with a numbered minute."""

    class Decision(models.TextChoices):
        PENDING = "pending", _("Asked")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="void_requests")
    reason = models.CharField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    minute_number = models.CharField(max_length=60, null=True, unique=True)  # noqa: DJ001

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(decision="pending"), name="one_open_void_request"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="void_needs_a_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="void_needs_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(decision="approved") | Q(minute_number__isnull=False),
                name="void_has_a_minute",
            ),
        ]

    def __str__(self) -> str:
        return f"void {self.letter_id}: {self.decision}"
