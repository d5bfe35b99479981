"""Seals over a register's day."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from registry.models.files import StoredFile
from registry.models.registers import NumberSeries


class DailyClosing(models.Model):
    """A seal over a register's day.

    Entries first..last, chain head, and the heads of every letter's history that changed since the
    closing before.
    """

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="closings")
    sequence = models.PositiveIntegerField()
    day = models.DateField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    chain_head = models.CharField(max_length=64, blank=True)
    heads = models.JSONField(default=list)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    # the newest checkpoint of the log before it: ORIGIN#SIZE#ROOT; empty where there was no signer
    checkpoint = models.CharField(max_length=400, blank=True, default="")
    page = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["series", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="one_closing"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} #{self.sequence} {self.day}"
