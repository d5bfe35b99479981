"""The tables of replies."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from correspondence.models.states import ReplyState
from org.models import Department, Level
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.sealed import Sealed


class Reply(Sealed):
    """An answer to a letter, or a letter of the office's own, from its draft to its dispatch.

    `letter` is the letter in whose history the reply stands: the one that it answers. A draft that
    answers none has no letter, and once it is sent its own outgoing one. `direction` is that of
    the register in which it gets its number; `answer_by` is the day by which an internal letter
    wants its answer. `signed_file` is the PDF that a signature of its circuit brought,
    `signed_level` how it was made (SignatureLevel); both are empty where there is no signature.
    `archive_file` is the archival form of an uploaded `file`, `archive_level` how far it is
    archival, `archive_problem` why it is not (`registry.archival.problems`); a problem without a
    level waits for its author's decision.
    """

    ADDED = (
        "signed_file_id",
        "signed_level",
        "direction",
        "confidentiality",
        "language",
        "mailing_id",
        "answer_by",
        "archive_file_id",
        "archive_level",
        "archive_problem",
        "submitted_by_id",
    )

    class Direction(models.TextChoices):
        OUTGOING = "out", _("Outgoing")
        INTERNAL = "internal", _("Internal")

    class ArchivalLevel(models.TextChoices):
        TEXT = "pdfa", _("PDF/A, made to last")
        PICTURE = "picture", _("PDF/A of pictures, without text")
        AS_IS = "as_is", _("Not archival: as it was uploaded")

    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replies"
    )
    state = models.CharField(_("state"), max_length=9, choices=ReplyState, default=ReplyState.DRAFT)
    subject = models.CharField(_("subject"), max_length=500)
    body = models.TextField(_("text"), blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField(max_length=255, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    outgoing = models.OneToOneField(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="reply_behind"
    )
    signed_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_level = models.CharField(max_length=7, blank=True, default="", db_default="")
    archive_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    archive_level = models.CharField(
        max_length=7, choices=ArchivalLevel, blank=True, default="", db_default=""
    )
    archive_problem = models.CharField(max_length=11, blank=True, default="", db_default="")
    direction = models.CharField(
        max_length=8, choices=Direction, default=Direction.OUTGOING, db_default="out"
    )
    confidentiality = models.PositiveSmallIntegerField(
        _("confidentiality"), choices=Level, default=Level.ORDINARY, db_default=0
    )
    language = models.CharField(max_length=2, blank=True, default="", db_default="")
    mailing = models.ForeignKey(
        "correspondence.Mailing",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
    )
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "replies"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["signed", "sent", "delivered", "bounced"], outgoing__isnull=False
                )
                | Q(state__in=["draft", "submitted", "approved"], outgoing__isnull=True),
                name="sent_reply_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=False) | Q(state__in=["draft", "submitted"]),
                name="reply_leaves_approved",
            ),
            models.CheckConstraint(
                condition=~Q(body="") | Q(file__isnull=False), name="reply_says_something"
            ),
            models.CheckConstraint(
                condition=Q(letter__isnull=False) | Q(outgoing__isnull=True),
                name="sent_reply_has_a_history",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["out", "internal"]), name="reply_direction_known"
            ),
            models.CheckConstraint(
                condition=Q(archive_level__in=["", "pdfa", "picture", "as_is"]),
                name="reply_lasting_known",
            ),
        ]
        indexes = [
            models.Index(fields=["letter", "state"], name="reply_of_letter"),
            models.Index(fields=["department", "-changed_at", "-id"], name="reply_of_department"),
            models.Index(fields=["-changed_at", "-id"], name="reply_newest"),
        ]

    def __str__(self) -> str:
        return f"reply to {self.letter_id} ({self.state})"

    @property
    def answers(self) -> Letter | None:
        """The letter that is answered; None for one of the office's own."""
        return None if self.letter_id == self.outgoing_id else self.letter

    @property
    def home(self) -> Letter:
        """The letter in whose history the reply stands; only for one that has left."""
        assert self.letter is not None  # noqa: S101 - a constraint of the table
        return self.letter
