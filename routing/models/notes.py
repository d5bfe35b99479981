"""The tables of notes: what people write about a letter, and whom they mention there."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models import Department
from registry.models.letters import Letter


class Note(models.Model):
    """A note on a letter: not sealed, not searched, gone when its author deletes it.

    `reach` says who sees it, `department` which one where it is a department's.
    """

    class Reach(models.TextChoices):
        MINE = "mine", _("Only me")
        DEPARTMENT = "department", _("My department")
        READERS = "readers", _("Everybody who reads the letter")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes"
    )
    reach = models.CharField(_("who sees it"), max_length=10, choices=Reach)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("note"))
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reach="department", department__isnull=False)
                | Q(reach__in=["mine", "readers"], department__isnull=True),
                name="note_reach_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
        ]
        indexes = [models.Index(fields=["letter", "-written_at", "-id"], name="note_of_letter")]

    def __str__(self) -> str:
        return f"{self.letter_id} noted by {self.author_id} ({self.reach})"


class Mention(models.Model):
    """A mention of a person in a note: one e-mail, and their reminders until it is seen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "person"], name="named_once_in_a_note"),
        ]
        indexes = [
            models.Index(
                fields=["person", "-made_at"],
                condition=Q(seen_at__isnull=True),
                name="mention_unseen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} named in {self.note_id}"
