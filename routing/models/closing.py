"""The tables of what follows an answer: its outcome, reopenings and ratings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models import Department
from registry.models.letters import Letter
from registry.models.sealed import Sealed


class Reopening(Sealed):
    """The reopening of an answered letter, once by its sender or by the office, and the reason.

    `department` is the one that had answered, and got it back.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="reopenings")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_citizen = models.BooleanField(default=False)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=1000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(by_citizen=True), name="one_reopening_by_citizen"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reopening_needs_a_reason"),
            models.CheckConstraint(
                condition=Q(by_citizen=True, reopened_by__isnull=True)
                | Q(by_citizen=False, reopened_by__isnull=False),
                name="reopened_by_one_of_two",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="reopening_at")]

    def __str__(self) -> str:
        return f"{self.letter_id} reopened"


class Satisfaction(Sealed):
    """The rating of a letter's answer by its sender: 1 (bad) to 5 (good), and a remark."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="satisfaction")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    score = models.PositiveSmallIntegerField(_("score"))
    remark = models.CharField(_("remark"), max_length=1000, blank=True)
    given_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="satisfaction_score_known"
            ),
        ]
        indexes = [models.Index(fields=["given_at"], name="satisfaction_given")]

    def __str__(self) -> str:
        return f"{self.letter_id}: {self.score}"


class Outcome(Sealed):
    """In whose favour a letter's matter was decided.

    One row of a letter is valid; those that were corrected, or set aside as the letter was
    reopened, stay with `standing` False. `department` is the one that signed off; None where the
    outcome was recorded later. `reason` says why an outcome was corrected.
    """

    class Value(models.TextChoices):
        FAVOURABLE = "favourable", _("In favour of the sender")
        PARTLY = "partly", _("Partly in favour of the sender")
        UNFAVOURABLE = "unfavourable", _("Not in favour of the sender")
        OUTSIDE = "outside", _("Not founded, or outside our tasks")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="outcomes")
    value = models.CharField(_("outcome"), max_length=12, choices=Value)
    standing = models.BooleanField(default=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(standing=True), name="one_outcome_stands"
            ),
            models.CheckConstraint(
                condition=Q(value__in=["favourable", "partly", "unfavourable", "outside"]),
                name="outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id}: {self.value}"
