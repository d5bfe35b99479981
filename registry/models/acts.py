"""The table of acts that concern many letters at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Act(models.Model):
    """Who did what, when; `data` says it in plain JSON. Each row is chained to the one before it.

    An event belongs to one letter; an act is what no single letter's history could record, such as
    the export of a list.
    """

    seq = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"act {self.seq}: {self.kind}"
