"""The tables of replies."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models import Department
from registry.models import Letter, Sealed, StoredFile
from routing.states import ReplyState


class Reply(Sealed):
    """An answer to a letter, from its draft to its way out.

    `signed_file` is the PDF that a signature of its circuit brought, `signed_level` how it was
    made (SignatureLevel); both are empty where the circuit has no signature.
    """

    ADDED = ("signed_file_id", "signed_level")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="replies")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replies"
    )
    state = models.CharField(_("state"), max_length=9, choices=ReplyState, default=ReplyState.DRAFT)
    subject = models.CharField(_("subject"), max_length=500)
    body = models.TextField(_("text"), blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField(max_length=255, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    outgoing = models.OneToOneField(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="reply_behind"
    )
    signed_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_level = models.CharField(max_length=7, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "replies"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["signed", "sent", "delivered", "bounced"], outgoing__isnull=False
                )
                | Q(state__in=["draft", "submitted", "approved"], outgoing__isnull=True),
                name="sent_reply_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=False) | Q(state__in=["draft", "submitted"]),
                name="reply_leaves_approved",
            ),
            models.CheckConstraint(
                condition=~Q(body="") | Q(file__isnull=False), name="reply_says_something"
            ),
        ]
        indexes = [models.Index(fields=["letter", "state"], name="reply_of_letter")]

    def __str__(self) -> str:
        return f"reply to {self.letter_id} ({self.state})"
