"""The tables of the ways out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Letter, Sealed
from routing.replies.models import Reply
from routing.states import DispatchState


class Dispatch(Sealed):
    """One way on which a registered reply leaves; `letter` is the outgoing one.

    `proof` is what shows that it left: the mail server's acceptance with the message id, who
    handed it over and when, or since when it stands on the citizen's page.
    """

    class Method(models.TextChoices):
        EMAIL = "email", _("E-mail")
        HANDED_OVER = "handed_over", _("Handed over")
        PORTAL = "portal", _("Citizen's page")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="dispatches")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="dispatches")
    method = models.CharField(_("method"), max_length=11, choices=Method)
    address = models.CharField(_("address"), max_length=400, blank=True)
    state = models.CharField(
        _("state"), max_length=11, choices=DispatchState, default=DispatchState.WAITING
    )
    proof = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    at = models.DateTimeField(_("left"), null=True, blank=True)

    class Meta:
        verbose_name_plural = "dispatches"
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "failed", "handed_over"]),
                name="dispatch_state_known",
            ),
            models.CheckConstraint(
                condition=Q(method__in=["email", "handed_over", "portal"]),
                name="dispatch_method_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "handed_over"])
                | Q(at__isnull=False) & ~Q(proof={}),
                name="sent_needs_a_proof",
            ),
            models.UniqueConstraint(
                fields=["reply"], condition=Q(state="waiting"), name="one_waiting_dispatch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} by {self.method} ({self.state})"
