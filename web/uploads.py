"""Upload handling of a deposit: small files in memory, large ones on disk, none without limit."""

from collections.abc import Callable
from functools import wraps
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadhandler import (
    FileUploadHandler,
    MemoryFileUploadHandler,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from registry.intake import IncomingFile

IN_MEMORY = 1_000_000  # bytes of a whole request: a letter's scan need not touch the disk twice


def file_limit() -> int:
    """Return the most bytes that one file may have."""
    return int(settings.UPLOAD_MAX_MB) * 1024 * 1024


def request_limit() -> int:
    """Return the most bytes that one deposit may have; more is not even read."""
    return file_limit() * int(settings.UPLOAD_MAX_FILES) + 1024 * 1024


class SmallInMemory(MemoryFileUploadHandler):
    """Upload handler that keeps the files of a small request in memory."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.activated = 0 <= content_length <= IN_MEMORY


class LargeOnDisk(TemporaryFileUploadHandler):
    """Upload handler that spools a file to disk, and stops one byte after the limit.

    That byte is enough for the register to refuse the file by its name; the rest of an endless file
    fills no disk.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        room = file_limit() + 1 - start
        if room > 0:
            super().receive_data_chunk(raw_data[:room], start)
        return None


def take_uploads(request: HttpRequest) -> None:
    """Set these upload handlers on `request`, before anything reads its fields."""
    handlers: list[FileUploadHandler] = [SmallInMemory(request), LargeOnDisk(request)]
    request.upload_handlers = handlers


def takes_uploads(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Set how the files of a view's form are read, before the CSRF check reads the form.

    It stands outside every decorator that reads the form. The check by middleware comes too early
    and is left out; the view is checked here.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def taking(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            take_uploads(request)
        answer: HttpResponseBase = protected(request, *args, **kwargs)
        return answer

    return taking


def arrived(request: HttpRequest, name: str = "files") -> list[IncomingFile]:
    """Return the files of a field (or of several fields with this name), in their order."""
    files = request.FILES.getlist(name)
    return [IncomingFile(f.name or "", cast("BinaryIO", f.file or f)) for f in files]
