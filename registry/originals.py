"""Verification of the originals: each is under its name, with the bytes that the name states."""

from collections.abc import Callable, Iterator
from typing import Final

from django.db.models import QuerySet

from ledger.problems import Problem
from registry import chain
from registry.disposal.proving import rightly_gone
from registry.files.receiving import VaultError
from registry.files.vault import hash_of
from registry.models.files import StoredFile

BATCH: Final = 500
GIVEN_UP: Final = 10  # files in a row that cannot be read: each is waited for


def check_files(
    files: QuerySet[StoredFile], progress: Callable[[str, int], None]
) -> Iterator[Problem]:
    """Yield a problem for each file that is missing, changed, or could not be read.

    What cannot be read is not said to be missing. Where the vault is away, the rest is left out.
    """
    missing: dict[str, StoredFile] = {}
    unread = 0
    for done, file in enumerate(files.order_by("pk").iterator(chunk_size=BATCH), 1):
        try:
            actual = hash_of(file.sha256)
            unread = 0
        except VaultError as error:
            unread += 1
            yield Problem("file_unread", chain.row_key(file), _unread(file, error))
            if unread == GIVEN_UP:
                yield Problem("files_unread", "", f"the vault is away: only {done} were looked at")
                break
            continue
        if not actual:
            missing[file.sha256] = file
        elif actual != file.sha256:
            yield Problem("file_changed", chain.row_key(file), file.sha256)
        if len(missing) == BATCH:
            yield from _check_missing(missing)
            missing = {}
        progress("files", done)
    yield from _check_missing(missing)


def _unread(file: StoredFile, error: VaultError) -> str:
    return f"{file.sha256} could not be read ({error.code})"


def _check_missing(missing: dict[str, StoredFile]) -> Iterator[Problem]:
    """Yield a problem for each missing file, save those that a disposal list took."""
    gone = rightly_gone(missing)
    for sha256, file in missing.items():
        if sha256 not in gone:
            yield Problem("file_missing", chain.row_key(file), sha256)
