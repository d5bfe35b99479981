"""The table of missing pieces, requested of the citizen once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter
from registry.models.receipts import Receipt
from registry.models.sealed import Sealed


class PiecesRequest(Sealed):
    """Missing pieces of a file, requested of the citizen once; `pieces` names them, one a line."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="pieces_request")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="+")
    pieces = models.TextField(_("missing pieces"), max_length=4000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(pieces=""), name="pieces_are_named"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} lacks pieces"

    @property
    def lines(self) -> list[str]:
        """Return the pieces, one by one."""
        return self.pieces.split("\n")
