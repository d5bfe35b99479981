"""The office's own rules as rows: where letters go, and by when they are answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models import Department, LetterKind
from registry.models import Channel


class RoutingRule(models.Model):
    """Where letters of a certain sort go. Every condition that is filled in must hold.

    `words`: one line fits when all its words stand in the letter; any line will do. `sender`: any
    line that stands in the sender's name, organisation or e-mail. `least_score`: the machine must
    itself believe in the department with at least this score (0..1). A rule without any condition
    fits nothing.
    """

    position = models.PositiveSmallIntegerField(_("order"), default=100)
    active = models.BooleanField(_("active"), default=True)
    title = models.CharField(_("title"), max_length=120, unique=True)
    kind = models.ForeignKey(
        LetterKind, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("kind")
    )
    language = models.CharField(_("language"), max_length=2, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, blank=True)
    words = models.TextField(_("words"), blank=True)
    sender = models.TextField(_("sender"), blank=True)
    least_score = models.FloatField(_("least score"), null=True, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    automatic = models.BooleanField(
        _("automatic"), default=False, help_text=_("Assign at once instead of proposing.")
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(least_score__isnull=True)
                | Q(least_score__gte=0) & Q(least_score__lte=1),
                name="rule_score_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(kind__isnull=False)
                | ~Q(language="")
                | ~Q(channel="")
                | ~Q(words="")
                | ~Q(sender="")
                | Q(least_score__isnull=False),
                name="rule_has_a_condition",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DeadlineRule(models.Model):
    """By when letters of a kind are answered. Every figure is data of the office.

    `weekdays` are the ISO numbers (1 is Monday) of the days on which the office works. `basis`
    names the text of law or the decision that the figure comes from.
    """

    class Unit(models.TextChoices):
        CALENDAR = "calendar", _("Calendar days")
        WORKING = "working", _("Working days")

    kind = models.OneToOneField(
        LetterKind, on_delete=models.PROTECT, related_name="deadline", verbose_name=_("kind")
    )
    days = models.PositiveSmallIntegerField(_("days"))
    unit = models.CharField(_("unit"), max_length=8, choices=Unit)
    weekdays = models.CharField(_("working weekdays"), max_length=7, default="12345")
    basis_ar = models.CharField(_("basis in Arabic"), max_length=200, blank=True)
    basis_fr = models.CharField(_("basis in French"), max_length=200, blank=True)
    basis_en = models.CharField(_("basis in English"), max_length=200, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1), name="deadline_at_least_a_day"),
            models.CheckConstraint(
                condition=Q(unit__in=["calendar", "working"]), name="deadline_unit_known"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__regex=r"^1?2?3?4?5?6?7?$") & ~Q(weekdays=""),
                name="deadline_weekdays_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id}: {self.days} {self.unit}"
