"""One part of a file (RFC 9110, Range): what broke off on a slow link goes on where it ended.

Several parts in one request, and what is not written so, are answered by the whole file, as the
standard allows.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import BinaryIO, Final

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from registry.files.receiving import VaultError

BLOCK: Final = 256 * 1024  # bytes read at once: Django's 4 KB keep a thread busy with a store
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
Opener = Callable[[int], BinaryIO]


class WholeOrPart(FileResponse):
    """A file of known size and tag, of which a request may ask for a part."""

    block_size = BLOCK

    def __init__(
        self, stream: BinaryIO, *, size: int, tag: str, again: Opener, content_type: str
    ) -> None:
        """Answer the whole; `again` opens the same file at a byte."""
        super().__init__(stream, content_type=content_type)
        self.size, self.whole, self._again = size, stream, again
        self.headers["Content-Length"] = str(size)
        self.headers["Accept-Ranges"] = "bytes"
        self.headers["ETag"] = f'"{tag}"'

    def narrow(self, first: int, last: int) -> None:
        """Answer the bytes from the first to the last alone. Raise VaultError."""
        part = _Part(self._again(first), last - first + 1)
        self.whole.close()
        self.streaming_content = part
        self.status_code = HTTPStatus.PARTIAL_CONTENT
        self.headers["Content-Length"] = str(last - first + 1)
        self.headers["Content-Range"] = f"bytes {first}-{last}/{self.size}"


class _Part:
    """The next bytes of a stream, in blocks."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self._stream, self._left = stream, length

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0 and (block := self._stream.read(min(BLOCK, self._left))):
            self._left -= len(block)
            yield block

    def close(self) -> None:
        self._stream.close()


class Ranges:
    """Middleware that answers a part of a file, where one is wanted of this very file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer, or the part of it."""
        answer = self.get_response(request)
        if not isinstance(answer, WholeOrPart) or not _wants_part(request, answer):
            return answer
        wanted = _RANGE.fullmatch(request.headers["Range"].strip())
        if wanted is None or _is_wrong(*wanted.groups()):
            return answer
        first, last = _bytes_of(*wanted.groups(), size=answer.size)
        if first > last:
            answer.whole.close()  # not the answer itself: its end is the request's
            size = {"Content-Range": f"bytes */{answer.size}"}
            return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=size)
        with suppress(VaultError):  # the whole is open still
            answer.narrow(first, last)
        return answer


def _wants_part(request: HttpRequest, answer: WholeOrPart) -> bool:
    """Return whether a part is wanted, of this very file where the request names one."""
    if request.method != "GET" or answer.status_code != HTTPStatus.OK:
        return False
    known = request.headers.get("If-Range")
    return "Range" in request.headers and (known is None or known == answer.headers["ETag"])


def _is_wrong(first: str, last: str) -> bool:
    """Return whether a part is written wrongly: as if none was wanted."""
    return not (first or last) or bool(first and last and int(last) < int(first))


def _bytes_of(first: str, last: str, *, size: int) -> tuple[int, int]:
    """Return the first byte and the last; the first behind the last where there are none."""
    if not first:  # the last so many
        return (max(0, size - int(last)), size - 1) if int(last) else (size, size - 1)
    return int(first), min(int(last or size), size - 1)
