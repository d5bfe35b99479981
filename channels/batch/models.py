"""The tables of batches: scans of many letters, their cuts, and the letters made of them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Batch(models.Model):
    """A scan of many letters; its file stays in the vault whatever is made of it.

    `pages` is what was detected on each page; `starts`, `left_out`, `order` and `turns` are the
    plan of cutting, `earlier` the plans before it that can be gone back to. `version` counts
    changes, so that two people cannot overwrite each other's.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being looked through")
        OPEN = "open", _("Waits for a look")
        REGISTERING = "registering", _("Being registered")
        REGISTERED = "registered", _("Registered")
        FAILED = "failed", _("Cannot be opened")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=120)
    drop_blanks = models.BooleanField(default=False)
    state = models.CharField(max_length=11, choices=State, default=State.READING)
    problem = models.CharField(max_length=40, blank=True)
    pages = models.JSONField(default=list)
    starts = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    order = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    turns = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    earlier = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    version = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    if TYPE_CHECKING:
        letters: RelatedManager[BatchLetter]

    class Meta:
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["reading", "open", "registering", "registered", "failed"]),
                name="batch_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(problem=""), name="failed_batch_says_why"
            ),
        ]
        indexes = [models.Index(fields=["-made_at", "-id"], name="batch_newest")]

    def __str__(self) -> str:
        return f"batch {self.pk} ({self.state})"


class BatchLetter(models.Model):
    """A letter that was registered from a batch, by its first page.

    Not sealed: the letter's own event names the batch and its pages.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="letters")
    first_page = models.PositiveIntegerField()
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="from_batch")

    class Meta:
        ordering = ["first_page"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "first_page"], name="one_letter_of_a_page"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} from page {self.first_page}"


class Sticker(models.Model):
    """A sticker that was seen on a letter's paper, so that its code leads back to the letter.

    Not sealed: the letter's own event names its stickers.
    """

    number = models.CharField(max_length=40, unique=True)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="stickers")

    def __str__(self) -> str:
        return self.number
