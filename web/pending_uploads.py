"""Files chosen in a form with errors, kept for that form of one session for an hour.

In the database, since the web processes of an office share nothing else from which they could be
deleted again (docs/adr/0038).
"""

import secrets
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO, Final, cast

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from language.lines import one_line
from org.uuids import uuid_or_none
from registry.deposit_files import refusals_of
from registry.files.receiving import TooLargeError, VaultError, receive, sha256_of
from registry.intake import IncomingFile
from registry.refusals import FILE_FAULTS, PASSING, Refusal
from web.addresses import address_of
from web.models import PendingUpload, PendingUploadPart
from web.register_away import passes
from web.uploads import file_limit

KEPT_FOR: Final = timedelta(hours=1)
AFTER_USE: Final = timedelta(minutes=10)  # a form that is sent twice has its files twice
ADDRESS_SHARE: Final = 4  # so many forms' worth of bytes for one address …
OFFICE_SHARE: Final = 40  # … and for all together
_TOKEN: Final = "held.token"  # noqa: S105 - a name in the session
_PART: Final = 256 * 1024  # bytes of a row
_IN_MEMORY: Final = 1_000_000


Judge = Callable[[IncomingFile], Refusal | None]


def refusal_of(file: IncomingFile) -> Refusal | None:
    """Return why the register would refuse the file, if it would."""
    refusal = next(iter(refusals_of(file)), None)
    return None if refusal is None or refusal.code in PASSING else refusal


@dataclass(frozen=True, slots=True)
class PendingUploads:
    """The files that are kept for one form (`key`) of the session that a request belongs to."""

    request: HttpRequest
    form: str
    key: str

    def files(self) -> list[PendingUpload]:
        """Return the files that are kept, in the order in which they came."""
        return list(self._rows().order_by("held_at", "pk"))

    def opened(self, cleanup: ExitStack) -> list[IncomingFile]:
        """Return the kept files as a deposit takes them."""
        return [IncomingFile(row.name, _stream(row, cleanup)) for row in self.files()]

    def with_new(self, new: Sequence[IncomingFile], cleanup: ExitStack) -> list[IncomingFile]:
        """Return the kept files and the new ones; a file that is kept already counts once."""
        held = {(row.name, row.sha256) for row in self.files()}
        fresh = [file for file in new if not held or identity_of(file) not in held]
        return [*self.opened(cleanup), *fresh]

    def leave_out(self, ids: Iterable[str]) -> None:
        """Forget these; ids that are not of a kept file are passed over."""
        wanted = {found for text in ids if (found := uuid_or_none(text))}
        if wanted:
            self._rows().filter(pk__in=wanted).delete()

    def keep(
        self,
        files: Iterable[IncomingFile],
        *,
        refused: Iterable[str] = (),
        judge: Judge = refusal_of,
    ) -> list[Refusal]:
        """Keep what may be registered; return what is not kept, and why.

        `refused` are names of files that the register has refused: not kept, and reported already.
        `judge` says of any other why it would be refused.
        """
        said = set(refused)
        self._rows().filter(name__in=said).delete()
        held = {(row.name, row.sha256) for row in self.files()}
        wrong: list[Refusal] = []
        for file in files:
            if file.name in said:
                continue
            file.stream.seek(0)
            if refusal := self._kept(file, held, judge):
                wrong.append(refusal)
        return wrong

    def move(self, key: str) -> "PendingUploads":
        """Return the same files for another form of this session."""
        other = PendingUploads(self.request, self.form, key)
        self._rows().update(owner=other._owner())
        return other

    def used(self) -> None:
        """Mark the form as taken: its files are deleted soon."""
        self._rows().update(expires_at=timezone.now() + AFTER_USE)

    def _kept(self, file: IncomingFile, held: set[tuple[str, str]], judge: Judge) -> Refusal | None:
        with ExitStack() as cleanup:
            try:
                incoming = receive(file.stream, limit=file_limit())
            except TooLargeError:
                return Refusal("too_large", file.name)
            except VaultError:
                return Refusal("not_kept", file.name)
            cleanup.callback(incoming.discard)
            with incoming.path.open("rb") as stream:
                if refusal := judge(IncomingFile(file.name, stream)):
                    return refusal
            if (_upload_name(file.name), incoming.stored.sha256) in held:
                return None
            if not self._has_room(incoming.stored.size):
                return Refusal("not_kept", file.name)
            with incoming.path.open("rb") as stream:
                self._write(file.name, incoming.stored.sha256, incoming.stored.size, stream)
            held.add((_upload_name(file.name), incoming.stored.sha256))
        return None

    def _write(self, name: str, sha256: str, size: int, stream: BinaryIO) -> None:
        """Write in parts, each in its own transaction: nobody else waits for a large file."""
        now = timezone.now()
        row = PendingUpload.objects.create(
            owner=self._owner(),
            address=_address(self.request),
            name=_upload_name(name),
            sha256=sha256,
            size=size,
            held_at=now,
            expires_at=now + KEPT_FOR,
        )
        for number, part in enumerate(iter(partial(stream.read, _PART), b"")):
            PendingUploadPart.objects.create(file=row, number=number, content=part)
        PendingUpload.objects.filter(pk=row.pk).update(complete=True)

    def _has_room(self, size: int) -> bool:
        limit = settings.HELD_MAX_MB * 1024 * 1024
        own, everybody = (
            PendingUpload.objects.filter(owner=self._owner()),
            PendingUpload.objects.all(),
        )
        near = PendingUpload.objects.filter(address=_address(self.request))
        return (
            own.count() < settings.UPLOAD_MAX_FILES
            and _bytes(own) + size <= limit
            and _bytes(near) + size <= limit * ADDRESS_SHARE
            and _bytes(everybody) + size <= limit * OFFICE_SHARE
        )

    def _rows(self) -> "QuerySet[PendingUpload]":
        if not (self.key and self.request.session.get(_TOKEN)):
            return PendingUpload.objects.none()
        rows = PendingUpload.objects.filter(owner=self._owner(), complete=True)
        return rows.filter(expires_at__gt=timezone.now())

    def _owner(self) -> str:
        """Return the owner, keyed by the session's secret: a form's key alone gives no access."""
        session = self.request.session
        token = session.get(_TOKEN)
        if not token:
            token = session[_TOKEN] = secrets.token_urlsafe(24)
        return salted_hmac(
            "web.held", f"{token}:{self.form}:{self.key}", algorithm="sha256"
        ).hexdigest()


def delete_expired_uploads() -> int:
    """Delete expired files; return how many. Called by the scheduler."""
    rows = PendingUpload.objects.filter(expires_at__lte=timezone.now())
    PendingUploadPart.objects.filter(file__in=rows).delete()
    return rows.delete()[0]


def keep_uploads(
    pending: PendingUploads,
    new: Sequence[IncomingFile],
    *,
    refusals: Sequence[Refusal] = (),
    judge: Judge = refusal_of,
) -> list[Refusal]:
    """Keep the files of a form that was not taken; return all that is to be reported.

    A page that keeps its files itself sends them again: of such a one nothing is kept here.
    """
    if pending.request.headers.get("X-Files-Stay") == "1":  # deposit.js
        return list(refusals)
    refused = [one.name for one in refusals if one.code in FILE_FAULTS]
    try:
        return [*refusals, *pending.keep(new, refused=refused, judge=judge)]
    except (DatabaseError, InterfaceError, OSError) as error:
        if not passes(error):
            raise
        return [*refusals, *not_kept(new)]


def not_kept(new: Sequence[IncomingFile]) -> list[Refusal]:
    """Return what to report where nothing is kept: each file by its name."""
    return [Refusal("not_kept", file.name) for file in new]


def _stream(row: PendingUpload, cleanup: ExitStack) -> BinaryIO:
    stream = cleanup.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115
    for content in row.parts.order_by("number").values_list("content", flat=True).iterator(8):
        stream.write(bytes(content))
    stream.seek(0)
    return cast("BinaryIO", stream)


def identity_of(file: IncomingFile) -> tuple[str, str]:
    """Return the name and SHA-256 of a file: the same for it as sent and as it is kept."""
    sha256 = sha256_of(file.stream)
    file.stream.seek(0)
    return _upload_name(file.name), sha256


def _upload_name(name: str) -> str:
    """Return the name that a file keeps here: one line, 255 letters at most."""
    return one_line(name, 255)


def _address(request: HttpRequest) -> str:
    return salted_hmac("web.held.address", address_of(request), algorithm="sha256").hexdigest()


def _bytes(rows: "QuerySet[PendingUpload]") -> int:
    found: dict[str, Any] = rows.aggregate(total=Sum("size"))
    return int(found["total"] or 0)
