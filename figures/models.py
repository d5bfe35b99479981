"""The tables of figures: months counted ahead so that no page scans letters; targets; reports."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from org.models import Department, LetterKind


class MonthFigures(models.Model):
    """A month's figures of a department, a kind and a channel (codes).

    "" stands for all of them, "-" for none. Numbers of letters; `delays` are [whole days, letters]
    pairs, days ascending.

    received, open, late: of the letters registered in the month. treated, with_term, in_term,
    answered, delays: of those whose last sign-off was in the month; of these favourable, partly,
    unfavourable, outside by the outcome that stands (none is recorded for the rest). reopened: in
    the month. `arrivals`: received by [weekday × 24 + hour, letters], Monday is 0. `weeks`:
    received by [ordinal of the Monday, letters]. `first_acts`: [whole days from the receipt to a
    department's first decision, letters], of those first decided on in the month.
    """

    month = models.DateField()
    department = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=8, blank=True)
    received = models.PositiveIntegerField(default=0)
    open = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    treated = models.PositiveIntegerField(default=0)
    with_term = models.PositiveIntegerField(default=0)
    in_term = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    favourable = models.PositiveIntegerField(default=0, db_default=0)
    partly = models.PositiveIntegerField(default=0, db_default=0)
    unfavourable = models.PositiveIntegerField(default=0, db_default=0)
    outside = models.PositiveIntegerField(default=0, db_default=0)
    delays = models.JSONField(default=list)
    arrivals = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    weeks = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    first_acts = models.JSONField(default=list, db_default=Value([], models.JSONField()))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "department", "kind", "channel"], name="one_row_of_figures"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="figures_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.department}/{self.kind}/{self.channel}"


class CountedMonth(models.Model):
    """When a month's letters were last seen to change, and when its figures were last counted."""

    month = models.DateField(unique=True)
    changed_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="counted_by_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Target(models.Model):
    """What a figure should be: of a department and a kind of letter, or of all (None)."""

    class Measure(models.TextChoices):
        IN_TERM = "in_term", _("Treated within the term")
        FIRST_ACT = "first_act", _("Days to the first decision, median")
        MEDIAN = "median", _("Days to the end, median")
        NINETIETH = "ninetieth", _("Days within which nine in ten are treated")

    measure = models.CharField(max_length=10, choices=Measure)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True)
    kind = models.ForeignKey(LetterKind, on_delete=models.PROTECT, null=True)
    value = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "measure",
                Coalesce("department", 0),
                Coalesce("kind", 0),
                name="one_target_of_a_measure",
            ),
            models.CheckConstraint(
                condition=Q(measure="in_term", value__lte=100, value__gte=1)
                | Q(measure__in=["first_act", "median", "ninetieth"], value__lte=999),
                name="target_is_possible",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The target by its measure and the codes of its department and kind ("*" for all)."""
        department = self.department.code if self.department else "*"
        return f"{self.measure}/{department}/{self.kind.code if self.kind else '*'}"


class ReportOrder(models.Model):
    """A person's order of figures by mail: each Monday, or each first of the month.

    Codes are the filter of the page, "" for all; `months` is how many months a report covers. The
    link of `token` stops it without a log-in.
    """

    class Every(models.TextChoices):
        WEEK = "week", _("each Monday")
        MONTH = "month", _("on the first of each month")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="figure_reports"
    )
    every = models.CharField(max_length=5, choices=Every)
    department = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=8, blank=True)
    months = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=64, unique=True)
    ordered_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "every", "department", "kind", "channel", "months"],
                condition=Q(stopped_at=None),
                name="one_order_of_a_report",
            ),
            models.CheckConstraint(
                condition=Q(every__in=["week", "month"], months__gte=1, months__lte=60),
                name="report_is_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Report(models.Model):
    """A report that is due, once for each order and period; `sent_at` when the mail has left.

    `period` is a day, the Monday or first of the month on which it is due; or the moment of a
    report that was requested at once.
    """

    order = models.ForeignKey(ReportOrder, on_delete=models.PROTECT, related_name="reports")
    period = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "period"], name="one_report_of_a_period")
        ]

    def __str__(self) -> str:
        return f"report of {self.period}"
