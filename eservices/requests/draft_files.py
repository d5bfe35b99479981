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
from django.db import transaction
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
        if _is_there(draft, piece, file, incoming):
            return None
        if (row := _reserved(draft, piece, file, incoming, address)) is None:
            return Refusal("not_kept", file.name)
        _write(row, incoming)
        _finish(row, alone=not piece.several)
    return None


def _is_there(draft: Draft, piece: Piece, file: IncomingFile, incoming: Incoming) -> bool:
    same = {"name": one_line(file.name, 255), "sha256": incoming.stored.sha256}
    return _rows(draft).filter(piece=piece.code, **same).exists()


def _reserved(
    draft: Draft, piece: Piece, file: IncomingFile, incoming: Incoming, address: str
) -> DraftFile | None:
    """Return the row that takes the room of a file before its bytes are written; None: no room.

    The form's own room is given under its lock. What its address and the office have is counted
    with the new row in it, once others see it: of two at once neither passes the limit.
    """
    with transaction.atomic():
        held = Draft.objects.select_for_update().filter(pk=draft.pk, request=None).exists()
        replaced = 0 if piece.several else _rows(draft).filter(piece=piece.code).count()
        if not held or not _has_room(draft, incoming.stored.size, less=replaced):
            return None
        row = DraftFile.objects.create(
            draft=draft,
            piece=piece.code,
            name=one_line(file.name, 255),
            sha256=incoming.stored.sha256,
            size=incoming.stored.size,
            address=address,
            kept_at=timezone.now(),
        )
    if _is_within_shares(address):
        return row
    row.delete()
    return None


def _write(row: DraftFile, incoming: Incoming) -> None:
    """Write in parts, each in its own transaction: nobody else waits for a large file."""
    with incoming.path.open("rb") as stream:
        for number, part in enumerate(iter(partial(stream.read, _PART), b"")):
            DraftPart.objects.create(file=row, number=number, content=part)


def _finish(row: DraftFile, *, alone: bool) -> None:
    """Have the file stand: one file alone takes the place of others, a second copy is dropped."""
    with transaction.atomic():
        Draft.objects.select_for_update().filter(pk=row.draft_id).first()
        others = _rows(row.draft).filter(piece=row.piece).exclude(pk=row.pk)
        if others.filter(name=row.name, sha256=row.sha256).exists():
            leave_out(row.draft, [str(row.pk)])
            return
        DraftFile.objects.filter(pk=row.pk).update(complete=True)
        if alone:
            leave_out(row.draft, [str(other.pk) for other in others])


def _has_room(draft: Draft, size: int, *, less: int) -> bool:
    own = DraftFile.objects.filter(draft=draft)
    most = settings.UPLOAD_MAX_FILES - 2  # the answers are two files themselves
    return own.count() - less < most and _bytes(own) + size <= _limit()


def _is_within_shares(address: str) -> bool:
    """Return whether the address and the office have no more than their shares."""
    day = timezone.now() - timedelta(days=1)
    near = DraftFile.objects.filter(address=address, kept_at__gt=day)
    everybody = DraftFile.objects.all()
    return _bytes(near) <= _limit() * ADDRESS_SHARE and _bytes(everybody) <= _limit() * OFFICE_SHARE


def _limit() -> int:
    return int(settings.HELD_MAX_MB) * 1024 * 1024


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
