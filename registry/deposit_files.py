"""The files of a deposit: copied, judged and kept before the transaction, then their rows.

Mails are unpacked: each attachment that can be taken is a file of its own.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO, Protocol

from django.conf import settings
from django.db import connection
from django.utils import timezone

from language.lines import one_line, printable_lines
from ledger.bulk import record_made
from registry.files.antivirus import ScannerAwayError, is_infected
from registry.files.kinds import TEXT, Media, RefusedError
from registry.files.media import check_media
from registry.files.receiving import Incoming, TooLargeError, VaultError, receive
from registry.files.stored import restore_files, stored_row
from registry.files.vault import get_vault
from registry.left_out import TOO_MANY, LeftOut
from registry.mails import MAILS, MAX_ATTACHMENTS, Attachment, attachments_of
from registry.models.documents import Document
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.marks import FileMark
from registry.refusals import DepositRefusedError, Refusal
from sandbox.warm import ChildrenBusy

MESSAGE_NAME = "message.txt"  # what is written in place of a file
_STORE = """
INSERT INTO registry_storedfile (id, sha256, size, media_type, stored_at) VALUES {rows}
ON CONFLICT (sha256) DO NOTHING RETURNING sha256
"""


class NamedStream(Protocol):
    """The interface of each file of a deposit."""

    @property
    def name(self) -> str: ...

    @property
    def stream(self) -> BinaryIO: ...


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be registered; `parent` is the index of the mail it was attached to."""

    name: str
    incoming: Incoming
    media: Media
    parent: int | None = None


@dataclass(slots=True)
class CheckedFiles:
    """The accepted files, and the attachments that stay inside their mail."""

    files: list[CheckedFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows of a deposit's files by their hashes, and the hashes that the vault knew before."""

    by_hash: Mapping[str, StoredFile]
    known: frozenset[str]


def check_files(files: Iterable[NamedStream], *, message: str, cleanup: ExitStack) -> CheckedFiles:
    """Copy and judge all files. Raise DepositRefusedError with every file that cannot be taken.

    The private copies are removed when `cleanup` closes. An attachment that cannot be taken does
    not refuse the mail: it stays inside the original and is named in `left_out`, as those are
    that come after the hundredth.
    """
    checked = CheckedFiles()
    refusals: list[Refusal] = []
    for count, arriving in enumerate(files, start=1):
        if count > settings.UPLOAD_MAX_FILES:
            raise DepositRefusedError(Refusal("too_many_files"))
        try:
            _take(arriving.name, arriving.stream, checked=checked, cleanup=cleanup)
        except RefusedError as error:
            refusals.append(Refusal(error.code, arriving.name))
        if len(checked.files) > settings.UPLOAD_MAX_FILES + MAX_ATTACHMENTS:
            raise DepositRefusedError(Refusal("too_many_files"))
    if printable_lines(message):
        written = _copy(io.BytesIO(message.encode(errors="replace")))
        cleanup.callback(written.discard)
        checked.files.append(CheckedFile(MESSAGE_NAME, written, Media(TEXT)))
    if refusals:
        raise DepositRefusedError(*refusals)
    if not checked.files:
        raise DepositRefusedError(Refusal("nothing"))
    return checked


def refusals_of(file: NamedStream) -> Sequence[Refusal]:
    """Judge one file like any deposit, keeping nothing; return why it is refused."""
    with ExitStack() as cleanup:
        try:
            check_files([file], message="", cleanup=cleanup)
        except DepositRefusedError as error:
            return error.refusals
        finally:
            file.stream.seek(0)
    return ()


def _take(
    name: str,
    stream: BinaryIO,
    *,
    checked: CheckedFiles,
    cleanup: ExitStack,
    parent: int | None = None,
) -> None:
    incoming = _copy(stream)
    cleanup.callback(incoming.discard)
    try:
        media = check_media(incoming.path, name=name)
    except ChildrenBusy as error:
        raise DepositRefusedError(Refusal("readers_busy")) from error
    _scan(incoming)
    checked.files.append(CheckedFile(name, incoming, media, parent))
    if parent is not None or media.media_type not in MAILS:
        return
    mail = len(checked.files) - 1
    try:
        _take_attachments(
            attachments_of(incoming.path, media.media_type), checked, cleanup, mail=mail
        )
    except RefusedError as error:  # the mail itself: it is kept as it is
        checked.left_out.append(LeftOut(error.code, "", mail))


def _take_attachments(
    attachments: Iterable[Attachment], checked: CheckedFiles, cleanup: ExitStack, *, mail: int
) -> None:
    for count, one in enumerate(attachments, start=1):
        try:
            if one.problem or count > MAX_ATTACHMENTS:
                raise RefusedError(one.problem or TOO_MANY)
            _take(one.name, one.stream(), checked=checked, cleanup=cleanup, parent=mail)
        except RefusedError as error:
            checked.left_out.append(LeftOut(error.code, one.name, mail))


def _copy(stream: BinaryIO) -> Incoming:
    try:
        return receive(stream, limit=settings.UPLOAD_MAX_MB * 1024 * 1024)
    except TooLargeError as error:
        raise RefusedError("too_large") from error
    except VaultError as error:
        raise DepositRefusedError(Refusal(error.refusal)) from error


def _scan(incoming: Incoming) -> None:
    if not settings.CLAMD_URL:
        return
    try:
        infected = is_infected(incoming.path, clamd_url=settings.CLAMD_URL)
    except ScannerAwayError as error:
        raise DepositRefusedError(Refusal("scanner_away")) from error
    if infected:
        raise RefusedError("infected")


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


def keep_one(file: NamedStream) -> StoredFile:
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


def stored_rows(files: Sequence[CheckedFile]) -> FileRows:
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
    record_made(connection, [row for sha256, row in rows.items() if sha256 in new])
    warning: Any = StoredFile._meta.get_field("warning")
    for sha256 in new:
        warning.set_cached_value(rows[sha256], None)
    if known := frozenset(rows.keys() - new):
        _restore(known)
        old = StoredFile.objects.filter(sha256__in=known).select_related("warning")
        rows |= {row.sha256: row for row in old}
    keep_marks(files, rows)
    return FileRows(rows, known)


def keep_marks(files: Sequence[CheckedFile], rows: Mapping[str, StoredFile]) -> None:
    """Write down which of the files hold macros or scripts; most hold none."""
    marks = {file.incoming.stored.sha256: file.media.mark for file in files if file.media.mark}
    if marks:
        FileMark.objects.bulk_create(
            [FileMark(file=rows[sha256], mark=mark) for sha256, mark in marks.items()],
            ignore_conflicts=True,
        )


def _restore(hashes: Iterable[str]) -> None:
    try:
        restore_files(hashes)
    except VaultError as error:
        raise DepositRefusedError(Refusal("vault_away")) from error
