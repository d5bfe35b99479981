"""The rows that stand for files in the vault: one for each hash, written once."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from django.db import connection
from django.utils import timezone

from registry.files.receiving import Stored, VaultError
from registry.files.vault import get_vault
from registry.incoming import Arriving, CheckedFile, check_files
from registry.models.files import StoredFile
from registry.models.marks import FileMark
from registry.refusals import DepositRefusedError, Refusal

_STORE = """
INSERT INTO registry_storedfile (id, sha256, size, media_type, stored_at) VALUES {rows}
ON CONFLICT (sha256) DO NOTHING RETURNING sha256
"""


def keep_files(files: Sequence[CheckedFile]) -> None:
    """Put the bytes into the vault, before the transaction.

    An orphan file is harmless, a row without a file is not. Raises DepositRefusedError where the
    vault takes nothing.
    """
    try:
        for file in files:
            get_vault().keep(file.incoming)
    except VaultError as error:
        code = "vault_full" if error.code == "full" else "vault_away"
        raise DepositRefusedError(Refusal(code)) from error


def keep_one(file: Arriving) -> StoredFile:
    """Judge one file like any deposit and put it into the vault with its row.

    Outside any transaction that might be rolled back for another reason. Raises
    DepositRefusedError.
    """
    with ExitStack() as cleanup:
        checked = check_files([file], message="", cleanup=cleanup).files[0]
        keep_files([checked])
    row = stored_row(Stored(checked.sha256, checked.size), media_type=checked.media.media_type)
    keep_marks([checked], {checked.sha256: row})
    return row


def stored_rows(files: Sequence[CheckedFile]) -> dict[str, StoredFile]:
    """Return hash → row, inserting those that are new; known bytes keep their first row.

    Inserted by hash, whatever order the files came in: two letters with the same new files wait in
    line.
    """
    now = timezone.now()
    rows = {
        file.sha256: StoredFile(
            sha256=file.sha256, size=file.size, media_type=file.media.media_type, stored_at=now
        )
        for file in sorted(files, key=lambda file: file.sha256)
    }
    fields = StoredFile._meta.concrete_fields
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for row in rows.values()
        for field in fields
    ]
    marks = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        cursor.execute(_STORE.format(rows=", ".join([marks] * len(rows))), values)
        new = {sha256 for (sha256,) in cursor.fetchall()}
    if old := rows.keys() - new:
        rows |= {row.sha256: row for row in StoredFile.objects.filter(sha256__in=old)}
    keep_marks(files, rows)
    return rows


def keep_marks(files: Sequence[CheckedFile], rows: Mapping[str, StoredFile]) -> None:
    """Write down which of the files hold macros or scripts; most hold none."""
    marks = {file.sha256: file.media.mark for file in files if file.media.mark}
    if marks:
        FileMark.objects.bulk_create(
            [FileMark(file=rows[sha256], mark=mark) for sha256, mark in marks.items()],
            ignore_conflicts=True,
        )


def stored_row(stored: Stored, *, media_type: str) -> StoredFile:
    """Return the row of one file in the vault, made where there is none yet."""
    values = {"size": stored.size, "media_type": media_type, "stored_at": timezone.now()}
    row, _new = StoredFile.objects.get_or_create(sha256=stored.sha256, defaults=values)
    return row
