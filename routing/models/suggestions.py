"""The table of suggestions: what the machine infers about a letter."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.documents import Document
from registry.models.letters import Letter
from registry.models.sealed import Sealed

SCORES = Q(score__gte=0) & Q(score__lte=1)


class Suggestion(Sealed):
    """An inferred fact about a letter, with score and reason, and a person's decision on it.

    `value` is a code (kind, department), an ISO date, or words. `current` is False for what a
    newer understanding no longer says. `page` (from 1; 0 where none is known) of `document` holds
    `words`, in `box`: x0, y0, x1, y1 in fractions of the page, empty where words have no places.
    `source` is rule, classifier, pattern, office_rule, or person for what a clerk typed in.
    """

    ADDED = ("document_id", "page", "box", "words")

    class Field(models.TextChoices):
        KIND = "kind", _("Kind")
        DEPARTMENT = "department", _("Department")
        SUBJECT = "subject", _("Subject")
        SENDER = "sender", _("Sender")
        DOCUMENT_DATE = "document_date", _("Date of the letter")
        EXTERNAL_REFERENCE = "external_reference", _("Reference")
        ANSWERS_REFERENCE = "answers_reference", _("Reference that it answers")
        QUOTED_NUMBER = "quoted_number", _("Number of ours that it quotes")
        DOCUMENT_DATE_HIJRI = "document_date_hijri", _("Hijri date of the letter")
        PLACE = "place", _("Place of writing")
        RECIPIENT = "recipient", _("Addressed to")
        SENDER_ORGANISATION = "sender_organisation", _("Organisation of the sender")
        SENDER_ROLE = "sender_role", _("Role of the sender")
        SENDER_ADDRESS = "sender_address", _("Address of the sender")
        SENDER_EMAIL = "sender_email", _("E-mail of the sender")
        SENDER_PHONE = "sender_phone", _("Phone of the sender")
        CUSTOMER_NUMBER = "customer_number", _("Customer or contract number")
        DEADLINE = "deadline", _("Term that it names")
        URGENCY = "urgency", _("Urgent")
        ENCLOSURE = "enclosure", _("Enclosure that it names")
        AMOUNT = "amount", _("Amount")

    class Decision(models.TextChoices):
        PENDING = "pending", _("Proposed")
        ACCEPTED = "accepted", _("Accepted")
        CORRECTED = "corrected", _("Corrected")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="suggestions")
    field = models.CharField(max_length=20, choices=Field)
    value = models.CharField(max_length=500)
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    source = models.CharField(max_length=12)
    model_version = models.CharField(max_length=64, blank=True)
    sure = models.BooleanField(default=False)
    current = models.BooleanField(default=True)
    decision = models.CharField(max_length=9, choices=Decision, default=Decision.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    page = models.PositiveIntegerField(default=0, db_default=0)
    box = models.JSONField(default=list, blank=True)
    words = models.CharField(max_length=500, blank=True, default="", db_default="")

    class Meta:
        ordering = ["field", "-score"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "field", "value"], name="one_suggestion"),
            models.CheckConstraint(condition=SCORES, name="suggestion_score_is_a_share"),
            models.CheckConstraint(
                condition=Q(decision__in=["pending", "accepted", "corrected"]),
                name="suggestion_decision_known",
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=True, page=0) | Q(document__isnull=False, page__gte=1),
                name="suggestion_place_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.field} {self.score:.2f}"
