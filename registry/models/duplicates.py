"""Tables of duplicate detection: the index, the proposals, and people's decisions.

Only the decision is sealed: all else can be computed again from the readings.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.documents import Document
from registry.models.letters import Letter
from registry.models.sealed import Sealed


class Fingerprint(models.Model):
    """What a document is recognised by.

    `sketch` is of its text (`language.shingles`), `looks` are the fingerprints of its first pages
    (`ocr.picture.look`); a mail has its Message-ID.
    """

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="fingerprint")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="fingerprints")
    sketch = models.JSONField(default=list)
    looks = models.JSONField(default=list)
    message_id = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return f"fingerprint of {self.document_id}"


class FingerprintBand(models.Model):
    """One key of the index; documents that may be the same share some of them."""

    fingerprint = models.ForeignKey(Fingerprint, on_delete=models.CASCADE, related_name="bands")
    value = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["value", "fingerprint"], name="band_value")]

    def __str__(self) -> str:
        return f"{self.fingerprint_id}: {self.value}"


class LinkKind(models.TextChoices):
    """How two letters belong together, as said of the later one."""

    DUPLICATE = "duplicate", _("Duplicate of")
    COPY = "copy", _("Copy by another channel of")
    REMINDER = "reminder", _("Reminder of")
    DIFFERENT = "different", _("Not the same as")
    RELATED = "related", _("Same matter as")
    FOLLOWS = "follows", _("Follows")
    REPLACES = "replaces", _("Replaces")


LINK_KINDS = [
    *("duplicate", "copy", "reminder", "different"),
    *("related", "follows", "replaces"),
]


class SameMail(models.Model):
    """A proposal that `letter` came before as `other`; `score` 0..1, `reasons` codes.

    It decides nothing, and is written anew whenever one of the two is compared again.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="same_as")
    other = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="came_again")
    kind = models.CharField(max_length=9, choices=LinkKind)
    score = models.FloatField()
    reasons = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "other"], name="one_same_mail"),
            models.CheckConstraint(condition=~Q(letter=F("other")), name="same_mail_of_two"),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1), name="same_mail_score_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["duplicate", "copy", "reminder", "follows"]),
                name="same_mail_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} may be {self.other_id} ({self.score:.2f})"


class LetterLink(Sealed):
    """A person's decision on two letters: `letter` is the later one.

    One decision of a pair stands at a time; one that was undone stays, with who undid it and why.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=9, choices=LinkKind)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "other"],
                condition=Q(undone_at__isnull=True),
                name="one_standing_link",
            ),
            models.CheckConstraint(condition=~Q(letter=F("other")), name="link_between_two"),
            models.CheckConstraint(condition=Q(kind__in=LINK_KINDS), name="link_kind_known"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, reason="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(reason=""),
                name="undoing_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.kind} {self.other_id}"
