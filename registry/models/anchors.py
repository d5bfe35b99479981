"""Anchors: checkpoints of the log that were given to somebody outside."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Anchor(models.Model):
    """One checkpoint on one way out of the office, and the proof that came back.

    `place` names the authority, the store, the person or the witness. `proof` is a timestamp token
    (DER) or the note with the witness's cosignature. Its worth lies outside: the row only finds it.
    """

    class Way(models.TextChoices):
        TIMESTAMP = "timestamp", _("Timestamp")
        STORE = "store", _("Second store")
        MAIL = "mail", _("E-mail to a witness")
        WITNESS = "witness", _("Witness of the log")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    note = models.TextField()
    way = models.CharField(max_length=9, choices=Way)
    place = models.CharField(max_length=200)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=60, blank=True)  # the code of what failed
    proof = models.BinaryField(null=True)

    class Meta:
        ordering = ["-size", "way", "place"]
        constraints = [
            models.UniqueConstraint(fields=["size", "root", "way", "place"], name="one_anchor")
        ]

    def __str__(self) -> str:
        return f"{self.way} of {self.size}: {self.state}"
