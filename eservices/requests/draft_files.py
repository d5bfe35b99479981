"""Files of drafts: kept in parts in the database until the form is sent, given up or ended.

Not in the vault, which is the register's and forgets nothing; nor in a folder, since the web
processes of an office share none from which a file could be deleted again (docs/adr/0038).
"""

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO, Final, cast

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils import timezone

from eservices.catalogue.definition import Piece
from eservices.requests.models import Draft, DraftFile, DraftPart
from language.lines import one_line
from org.uuids import uuid_or_none
from registry.deposit_files import CheckedFile, check_files
from registry.files.drawings import DRAWINGS
from registry.files.kinds import IMAGES, PDF
from registry.files.receiving import Incoming, TooLargeError, VaultError, receive
from registry.intake import IncomingFile
from registry.refusals import PASSING, DepositRefusedError, Refusal

ADDRESS_SHARE: Final = 4  # so many drafts' worth of bytes for one address in a day …
OFFICE_SHARE: Final = 400  # … and for all drafts together
_PART: Final = 256 * 1024  # bytes of a row
_IN_MEMORY: Final = 1_000_000
_FAMILIES: Final = {
    "pdf": frozenset({PDF}),
    "image": frozenset(IMAGES.values()),
    "plan": frozenset({PDF, *IMAGES.values(), *DRAWINGS}),
}
_REFUSED: Final = {
    frozenset({"pdf"}): "not_pdf",
    frozenset({"image"}): "not_picture",
    frozenset({"pdf", "image"}): "not_paper",
}


def files_of(draft: Draft) -> list[DraftFile]:
    """Return the files of a draft, in the order in which they came."""
    return list(_rows(draft).order_by("kept_at", "pk"))


def leave_out(draft: Draft, ids: Iterable[str]) -> None:
    """Forget these files of the draft; ids that are not of one are passed over."""
    wanted = {found for text in ids if (found := uuid_or_none(text))}
    rows = DraftFile.objects.filter(draft=draft, pk__in=wanted)
    DraftPart.objects.filter(file__in=rows).delete()
    rows.delete()


def keep_files(
    draft: Draft, piece: Piece, files: Iterable[IncomingFile], *, address: str
) -> list[Refusal]:
    """Keep the files of a piece; return what is not kept, and why.

    Where a piece is one file, the last that can be kept takes the place of what was there.
    """
    wrong = []
    for file in files:
        file.stream.seek(0)
        if refusal := _keep(draft, piece, file, address):
            wrong.append(refusal)
    return wrong


def opened(draft: Draft, cleanup: ExitStack) -> list[tuple[str, str, BinaryIO]]:
    """Return (piece, name, stream) of each file; the streams are closed by `cleanup`."""
    return [(row.piece, row.name, _stream(row, cleanup)) for row in files_of(draft)]


def judged(file: IncomingFile, accept: Iterable[str]) -> Refusal | None:
    """Return why the register, or the piece, would refuse the file, if one would."""
    with ExitStack() as cleanup:
        try:
            checked = check_files([file], message="", cleanup=cleanup).files[0]
        except DepositRefusedError as error:
            refusal = error.refusals[0]
            if refusal.code == "not_allowed":
                return _other_kind(file, accept)
            return None if refusal.code in PASSING else refusal
        if checked.media.problem == "encrypted":
            return Refusal("locked", file.name)
        return None if _is_accepted(checked, accept) else _other_kind(file, accept)


def _other_kind(file: IncomingFile, accept: Iterable[str]) -> Refusal:
    """Return the refusal that names what the piece takes: not all that the register takes."""
    wanted = frozenset(accept)
    code = "not_plan" if "plan" in wanted else _REFUSED.get(wanted, "not_allowed")
    return Refusal("not_allowed" if "any" in wanted else code, file.name)


def _is_accepted(checked: CheckedFile, accept: Iterable[str]) -> bool:
    """Return whether the file is of a family that the piece takes."""
    wanted = set(accept)
    if "any" in wanted or not wanted:
        return True
    return any(checked.media.media_type in _FAMILIES.get(one, ()) for one in wanted)


def _keep(draft: Draft, piece: Piece, file: IncomingFile, address: str) -> Refusal | None:
    with ExitStack() as cleanup:
        try:
            incoming = receive(file.stream, limit=int(settings.UPLOAD_MAX_MB) * 1024 * 1024)
        except TooLargeError:
            return Refusal("too_large", file.name)
        except VaultError:
            return Refusal("not_kept", file.name)
        cleanup.callback(incoming.discard)
        with incoming.path.open("rb") as stream:
            if refusal := judged(IncomingFile(file.name, stream), piece.accept):
                return refusal
        name, sha256 = one_line(file.name, 255), incoming.stored.sha256
        own = _rows(draft).filter(piece=piece.code)
        if own.filter(name=name, sha256=sha256).exists():
            return None
        before = [] if piece.several else [str(row.pk) for row in own]
        if not _has_room(draft, incoming.stored.size, address, less=len(before)):
            return Refusal("not_kept", file.name)
        _write(draft, piece, name, incoming, address)
        leave_out(draft, before)
    return None


def _write(draft: Draft, piece: Piece, name: str, incoming: Incoming, address: str) -> None:
    """Write in parts, each in its own transaction: nobody else waits for a large file."""
    row = DraftFile.objects.create(
        draft=draft,
        piece=piece.code,
        name=name,
        sha256=incoming.stored.sha256,
        size=incoming.stored.size,
        address=address,
        kept_at=timezone.now(),
    )
    with incoming.path.open("rb") as stream:
        for number, part in enumerate(iter(partial(stream.read, _PART), b"")):
            DraftPart.objects.create(file=row, number=number, content=part)
    DraftFile.objects.filter(pk=row.pk).update(complete=True)


def _has_room(draft: Draft, size: int, address: str, *, less: int) -> bool:
    limit = int(settings.HELD_MAX_MB) * 1024 * 1024
    own, everybody = DraftFile.objects.filter(draft=draft), DraftFile.objects.all()
    day = timezone.now() - timedelta(days=1)
    near = DraftFile.objects.filter(address=address, kept_at__gt=day)
    return (
        own.count() - less < settings.UPLOAD_MAX_FILES - 2  # the answers are two files themselves
        and _bytes(own) + size <= limit
        and _bytes(near) + size <= limit * ADDRESS_SHARE
        and _bytes(everybody) + size <= limit * OFFICE_SHARE
    )


def _rows(draft: Draft) -> "QuerySet[DraftFile]":
    return DraftFile.objects.filter(draft=draft, complete=True)


def _stream(row: DraftFile, cleanup: ExitStack) -> BinaryIO:
    stream = cleanup.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115
    parts = DraftPart.objects.filter(file=row).order_by("number")
    for content in parts.values_list("content", flat=True).iterator(8):
        stream.write(bytes(content))
    stream.seek(0)
    return cast("BinaryIO", stream)


def _bytes(rows: "QuerySet[DraftFile]") -> int:
    found: dict[str, Any] = rows.aggregate(total=Sum("size"))
    return int(found["total"] or 0)
