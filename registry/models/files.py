"""Files in the vault, one row for each hash."""

from __future__ import annotations

from django.db import models

from registry.models.sealed import Sealed


class StoredFile(Sealed):
    """Bytes in the vault, named by their SHA-256, stored once."""

    LETTER = "document__letter_id"

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]
