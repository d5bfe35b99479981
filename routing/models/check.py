"""The tables of the clerk's check: which clerk has a letter open, and how long checks take."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from registry.models.letters import Letter


class CheckClaim(models.Model):
    """A letter that a clerk has open until `until`, so that nobody else is given it.

    `unsure`: that clerk left it to a colleague; then it has no end by itself. The row is no part
    of the register and not sealed: it says nothing of the letter.
    """

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="check_claim")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    unsure = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.letter_id} until {self.until}"


class CheckTiming(models.Model):
    """How long one check took, without the clerk or the letter.

    `seconds` run from the page's sending to the decision; `visible_seconds` are those in which the
    page was seen, as the browser counted them, None without JavaScript. `corrected` counts the
    facts that were not left as proposed.
    """

    day = models.DateField()
    seconds = models.FloatField()
    visible_seconds = models.FloatField(null=True, blank=True)
    corrected = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seconds__gte=0), name="check_takes_time"),
        ]
        indexes = [models.Index(fields=["-day", "-id"], name="check_timing_newest")]

    def __str__(self) -> str:
        return f"{self.day} {self.seconds:.0f} s"
