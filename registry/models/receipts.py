"""Receipts given to senders."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.sealed import Sealed


class Receipt(Sealed):
    """A receipt for a sender. The row exists at once; its PDF is drawn by a job and then fixed.

    `words` is what a receipt with due date promises, as it was issued: "due_on" (ISO), and under
    "ar" and "fr" the words "why", "silence" and "appeal". A later date is a further receipt, a
    supplement: the first one stays as it is. `file` is its sender's copy; `office_file` is that of
    staff, which never carries the tracking code.
    """

    UNSEALED = ("file_id", "office_file_id")
    ADDED = ("words",)

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("Registration receipt")
        PIECES = "missing_pieces", _("Receipt with missing pieces")
        COMPLETE = "complete", _("Receipt with due date")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=16, choices=Kind)
    issued_at = models.DateTimeField()
    token = models.CharField(max_length=43, unique=True)
    words = models.JSONField(default=dict, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    office_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(kind="registration"), name="one_registration_receipt"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.letter_id}"
