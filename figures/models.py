"""The tables of figures: each month's totals, counted ahead so that no page scans letters."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class MonthFigures(models.Model):
    """A month's figures of a department, a kind and a channel (codes).

    "" stands for all of them, "-" for none. Numbers of letters; `delays` are [whole days, letters]
    pairs, days ascending.

    received, open, late: of the letters registered in the month. treated, with_term, in_term,
    answered, delays: of those whose last sign-off was in the month; of these favourable, partly,
    unfavourable, outside by the outcome that stands (none is recorded for the rest). reopened: in
    the month.
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
