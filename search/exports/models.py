"""The tables of exports: who exported which letters, in what form."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter


class Export(models.Model):
    """An export of a search's result, of the register, or of a list of work.

    The file is offered from `finished_at` to `expires_at`; the row stays after it is gone.
    `problem` is a code that says why there is none. `address` is the query passed to the source.
    """

    class Source(models.TextChoices):
        SEARCH = "search", _("Search")
        BOOK = "book", _("Register book")
        BACKLOG = "backlog", _("Backlog")
        DUE = "due", _("Due list")
        REFUSALS = "refusals", _("Refusals")
        OUTCOMES = "outcomes", _("Outcomes of complaints")
        PERSON = "person", _("Data of a person")

    class Format(models.TextChoices):
        CSV = "csv", _("Table (CSV)")
        XLSX = "xlsx", _("Table (Excel)")
        PDF = "pdf", _("List (PDF)")
        ZIP = "zip", _("Documents (ZIP)")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports"
    )
    source = models.CharField(
        max_length=8, choices=Source, default=Source.SEARCH, db_default=Source.SEARCH
    )
    address = models.CharField(max_length=4000)
    format = models.CharField(max_length=4, choices=Format)
    language = models.CharField(max_length=2)
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=80, blank=True)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(format__in=["csv", "xlsx", "pdf", "zip"]), name="export_format_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    source__in=[
                        *("search", "book", "backlog", "due", "refusals", "outcomes", "person")
                    ]
                ),
                name="export_source_known",
            ),
            models.CheckConstraint(
                condition=Q(file_name="") | Q(finished_at__isnull=False),
                name="export_file_is_finished",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-asked_at", "-id"], name="exports_of_a_person"),
            models.Index(fields=["expires_at"], condition=~Q(file_name=""), name="exports_kept"),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"


class ExportedLetter(models.Model):
    """A letter that an export contains."""

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="letters")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "letter"], name="one_letter_of_an_export"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} in {self.export_id}"
