"""The files of a deposit, once judged: put into the vault, their rows, and those of documents."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from language.lines import one_line
from registry.files.gone import come_back
from registry.files.receiving import VaultError
from registry.files.stored import stored_row
from registry.files.vault import get_vault
from registry.incoming import Arriving, CheckedFile, check_files
from registry.models.documents import Document
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.marks import FileMark
from registry.refusals import DepositRefusedError, Refusal

_STORE = """
INSERT INTO registry_storedfile (id, sha256, size, media_type, stored_at) VALUES {rows}
ON CONFLICT (sha256) DO NOTHING RETURNING sha256
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a deposit's files by their hashes, and the hashes that the vault knew before."""

    by_hash: Mapping[str, StoredFile]
    known: frozenset[str]


def keep_files(files: Sequence[CheckedFile]) -> None:
    """Put the bytes into the vault, before the transaction.

    An orphan file is harmless, a row without a file is not. Raise DepositRefusedError where the
    vault takes nothing.
    """
    try:
        for file in files:
            get_vault().keep(file.incoming)
    except VaultError as error:
        raise DepositRefusedError(Refusal(error.refusal)) from error


def keep_one(file: Arriving) -> StoredFile:
    """Judge one file like any deposit and put it into the vault with its row.

    Outside any transaction that might be rolled back for another reason. Raise
    DepositRefusedError.
    """
    with ExitStack() as cleanup:
        checked = check_files([file], message="", cleanup=cleanup).files[0]
        keep_files([checked])
    row = stored_row(checked.incoming.stored, media_type=checked.media.media_type)
    keep_marks([checked], {row.sha256: row})
    return row


def document_rows(
    letter: Letter,
    files: Sequence[CheckedFile],
    stored: Mapping[str, StoredFile],
    *,
    after: int = 0,
) -> list[Document]:
    """Return a letter's documents of these files, not saved yet, after so many that it has.

    `stored` is of `stored_rows`. The first document of all is the letter itself.
    """
    documents: list[Document] = []
    for position, file in enumerate(files, start=after + 1):
        documents.append(
            Document(
                letter=letter,
                file=stored[file.incoming.stored.sha256],
                position=position,
                role=Document.Role.MAIN if position == 1 else Document.Role.ENCLOSURE,
                title=one_line(file.name, 255) or f"{position}",
                media_type=file.media.media_type,
                problem=file.media.problem,
                attached_to=documents[file.parent] if file.parent is not None else None,
            )
        )
    return documents


def stored_rows(files: Sequence[CheckedFile]) -> Rows:
    """Return the rows with their marks, inserting those that are new; known bytes keep theirs.

    Inserted by hash, whatever order the files came in: two letters with the same new files wait in
    line.
    """
    now = timezone.now()
    rows = {
        file.incoming.stored.sha256: StoredFile(
            **asdict(file.incoming.stored), media_type=file.media.media_type, stored_at=now
        )
        for file in sorted(files, key=lambda file: file.incoming.stored.sha256)
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
    warning: Any = StoredFile._meta.get_field("warning")
    for sha256 in new:
        warning.set_cached_value(rows[sha256], None)
    if known := frozenset(rows.keys() - new):
        _come_back(known)
        old = StoredFile.objects.filter(sha256__in=known).select_related("warning")
        rows |= {row.sha256: row for row in old}
    keep_marks(files, rows)
    return Rows(rows, known)


def keep_marks(files: Sequence[CheckedFile], rows: Mapping[str, StoredFile]) -> None:
    """Write down which of the files hold macros or scripts; most hold none."""
    marks = {file.incoming.stored.sha256: file.media.mark for file in files if file.media.mark}
    if marks:
        FileMark.objects.bulk_create(
            [FileMark(file=rows[sha256], mark=mark) for sha256, mark in marks.items()],
            ignore_conflicts=True,
        )


def _come_back(hashes: Iterable[str]) -> None:
    try:
        come_back(hashes)
    except VaultError as error:
        raise DepositRefusedError(Refusal("vault_away")) from error
