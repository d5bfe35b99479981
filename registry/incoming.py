"""Preparation of a deposit before the transaction: files copied, hashed, judged; mails unpacked."""

import io
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from django.conf import settings

from registry.files.antivirus import ScannerAwayError, is_infected
from registry.files.kinds import TEXT, Media, RefusedError
from registry.files.media import check_media
from registry.files.receiving import Incoming, TooLargeError, VaultError, receive
from registry.mails import MAILS, MAX_ATTACHMENTS, Attachment, attachments_of
from registry.refusals import DepositRefusedError, Refusal
from sandbox.warm import ChildrenBusy

MESSAGE_NAME = "message.txt"  # what is written in place of a file


class Arriving(Protocol):
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
class Checked:
    """The accepted files, and the codes of attachments that stay inside their mail."""

    files: list[CheckedFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def check_files(files: Iterable[Arriving], *, message: str, cleanup: ExitStack) -> Checked:
    """Copy and judge all files. Raise DepositRefusedError with every file that cannot be taken.

    The private copies are removed when `cleanup` closes. An attachment that cannot be taken does
    not refuse the mail: it stays inside the original and is counted in `left_out`.
    """
    checked = Checked()
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
    if message.strip():
        written = _copy(io.BytesIO(message.encode(errors="replace")))
        cleanup.callback(written.discard)
        checked.files.append(CheckedFile(MESSAGE_NAME, written, Media(TEXT)))
    if refusals:
        raise DepositRefusedError(*refusals)
    if not checked.files:
        raise DepositRefusedError(Refusal("nothing"))
    return checked


def _take(
    name: str,
    stream: BinaryIO,
    *,
    checked: Checked,
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
    try:
        _take_attachments(attachments_of(incoming.path, media.media_type), checked, cleanup)
    except RefusedError as error:  # the mail itself: it is kept as it is
        checked.left_out.append(error.code)


def _take_attachments(
    attachments: Iterable[Attachment], checked: Checked, cleanup: ExitStack
) -> None:
    mail = len(checked.files) - 1
    for attachment in attachments:
        try:
            _take(
                attachment.name, attachment.stream(), checked=checked, cleanup=cleanup, parent=mail
            )
        except RefusedError as error:
            checked.left_out.append(error.code)


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
