"""Tables of the readings of documents, page by page."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from registry.models.documents import Document
from registry.models.sealed import Sealed


class DocumentReading(Sealed):
    """A reader's result for a document: per page text, words with boxes, confidence, source."""

    LETTER = "document__letter_id"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="readings")
    engine = models.CharField(max_length=120)
    language = models.CharField(max_length=2, blank=True)
    text = models.TextField(blank=True)
    pages = models.JSONField(default=list)
    problem = models.CharField(max_length=40, blank=True)
    read_at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(current=True), name="one_current_reading"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} by {self.engine}"


class ReadingPage(models.Model):
    """The result for one page of a document: text and words (JSON as ocr.reading writes it).

    Named by its digest, which the sealed summary in `DocumentReading.pages` holds: so a page row is
    proven by its reading, shared by the readings in which it did not change, and never rewritten.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="read_pages")
    digest = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    words = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "digest"], name="one_read_page"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]
