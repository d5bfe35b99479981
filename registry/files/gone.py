"""Files that a disposal list takes from the vault, and those that come back by another deposit."""

from collections.abc import Iterable
from typing import Final

from django.db import transaction

from registry.files.receiving import VaultError
from registry.files.vault import get_vault
from registry.models.disposal import GoneFile
from registry.models.files import StoredFile

GONE: Final = GoneFile.State.GONE


def come_back(hashes: Iterable[str]) -> None:
    """Take back from disposal what is deposited anew; the bytes were put into the vault before.

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
    """Have nobody else decide about these files until the transaction ends, in a fixed order."""
    rows = StoredFile.objects.filter(sha256__in=list(hashes)).order_by("sha256")
    list(rows.select_for_update().values_list("pk"))
