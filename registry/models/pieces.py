"""The table of missing pieces, requested of the citizen once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter
from registry.models.receipts import Receipt
from registry.models.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Piece:
    """One requested piece: its number from 1 on, its name, and when it was received, if it was."""

    number: int
    name: str
    received_at: datetime | None


class PiecesRequest(Sealed):
    """Missing pieces of a file, requested of the citizen once; `pieces` names them, one a line.

    `received` maps the number of a piece that is there, as text, to when it came (ISO).
    `answered_at`: when all were there, or when the citizen had sent everything.
    """

    ADDED = ("received",)

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="pieces_request")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="+")
    pieces = models.TextField(_("missing pieces"), max_length=4000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    received = models.JSONField(default=dict, blank=True)

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

    @property
    def each(self) -> list[Piece]:
        """Return the pieces with their state."""
        return [
            Piece(number, name, datetime.fromisoformat(at) if at else None)
            for number, name in enumerate(self.lines, start=1)
            for at in [self.received.get(str(number), "")]
        ]

    @property
    def missing(self) -> list[Piece]:
        """Return the pieces that are not there yet."""
        return [piece for piece in self.each if piece.received_at is None]
