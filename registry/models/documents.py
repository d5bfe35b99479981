"""The documents of letters, and files made of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.sealed import Sealed


class Document(Sealed):
    """A file of a letter: itself or an enclosure. `problem` says why it cannot be read."""

    class Role(models.TextChoices):
        MAIN = "main", _("Letter")
        ENCLOSURE = "enclosure", _("Enclosure")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="documents")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10, choices=Role)
    title = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    problem = models.CharField(max_length=40, blank=True)
    attached_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "position"], name="one_position"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.position}"


class Rendition(models.Model):
    """A file made from a document for people to read or keep; the original stays as it came.

    It can be made again at any time, so it is not sealed. `problem` says why there is none.
    """

    class Kind(models.TextChoices):
        SEARCHABLE = "searchable", _("Searchable PDF")
        PDF = "pdf", _("PDF of an office document")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="renditions")
    kind = models.CharField(max_length=12, choices=Kind)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    reading = models.ForeignKey(
        "registry.DocumentReading", on_delete=models.PROTECT, null=True, blank=True
    )
    pages = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "kind"], name="one_rendition"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.kind}"
