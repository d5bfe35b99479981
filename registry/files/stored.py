"""The rows that stand for files in the vault, one for each hash, and their return from disposal."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from registry.files.receiving import Stored, VaultError
from registry.files.vault import get_vault
from registry.models.disposal import GoneFile
from registry.models.files import StoredFile


def stored_row(stored: Stored, *, media_type: str) -> StoredFile:
    """Return the row of one file in the vault, made where there is none yet."""
    values = {"size": stored.size, "media_type": media_type, "stored_at": timezone.now()}
    row, new = StoredFile.objects.get_or_create(sha256=stored.sha256, defaults=values)
    if not new:
        restore_files([row.sha256])
    return row


def restore_files(hashes: Iterable[str]) -> None:
    """Cancel the disposal of files that are deposited anew; their bytes are in the vault by now.

    Inside the transaction that is going to name them. A file whose deletion runs just now is
    waited for; raise VaultError("away") where the bytes were deleted meanwhile, so that they are
    sent again.
    """
    wanted = list(hashes)
    lock_files(wanted)
    if not GoneFile.objects.filter(sha256__in=wanted).exists():
        return
    with transaction.atomic():
        rows = GoneFile.objects.select_for_update().filter(sha256__in=wanted).order_by("sha256")
        for row in rows:
            if not get_vault().has(row.sha256):
                raise VaultError("away")
            row.delete()


def lock_files(hashes: Iterable[str]) -> None:
    """Lock the rows of these files until the transaction ends, in a fixed order."""
    rows = StoredFile.objects.filter(sha256__in=list(hashes)).order_by("sha256")
    list(rows.select_for_update().values_list("pk"))
