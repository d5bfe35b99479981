"""The table of the watched folder: what was found in it, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter


class WatchedItem(models.Model):
    """A file of the folder, or a subfolder, which is one letter.

    `signature` is of the names, sizes and times of its files: while it changes, the item is being
    written. `moved` says that it is now in `done` or `failed`. Not sealed: the letter's own event
    names the file.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being written")
        REGISTERED = "registered", _("Registered")
        SET_ASIDE = "set_aside", _("Set aside")

    name = models.CharField(max_length=255)
    signature = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=40, blank=True)
    steady_since = models.DateTimeField()
    changed_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    moved = models.BooleanField(default=False)
    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="watched_items"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "signature"], name="one_watched_item"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "registered", "set_aside"]),
                name="watched_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="registered") | Q(letter__isnull=False),
                name="registered_item_has_a_letter",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="watched_state"),
            models.Index(fields=["name", "state"], name="watched_name"),
        ]

    def __str__(self) -> str:
        return f"watched {self.pk} ({self.state})"
