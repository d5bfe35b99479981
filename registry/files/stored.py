"""The row that stands for a file in the vault, one for each hash."""

from django.utils import timezone

from registry.files.gone import come_back
from registry.files.receiving import Stored
from registry.models.files import StoredFile


def stored_row(stored: Stored, *, media_type: str) -> StoredFile:
    """Return the row of one file in the vault, made where there is none yet."""
    values = {"size": stored.size, "media_type": media_type, "stored_at": timezone.now()}
    row, new = StoredFile.objects.get_or_create(sha256=stored.sha256, defaults=values)
    if not new:
        come_back([row.sha256])
    return row
