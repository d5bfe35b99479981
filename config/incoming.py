"""An incoming request: how its length is given, how large it is, and how it may end early."""

import time
from typing import Any, Final

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error, RequestEntityTooLarge

SMALL_BODY: Final = 65_536  # bytes; what is larger is asked about before it is read


class RequestTimeout(Error):  # type: ignore[misc]
    """Answer 408: the request did not come in time."""

    code = 408
    reason = "Request Timeout"


class Answer:
    """An answer of the application in the form of a waitress error, which ends the connection."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def to_response(self, _ident: object) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, headers and body, as `waitress.utilities.Error` does."""
        return self.status, self.headers, self.body


class Incoming(HTTPRequestParser):  # type: ignore[misc]
    """An incoming request."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.began = time.monotonic()
        self.headers_checked = self.admitted = False
        self.address = ""
        self.most = SMALL_BODY
        self.rest = b""  # what came behind it

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers; refuse a request that gives the length of its body in two ways.

        A proxy in front might go by the other one, and take the rest for another request. Raise
        ParsingError, also where waitress does not foresee that an address or a length is none.
        """
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # `http://[`, or a length of more digits than are read
            raise ParsingError("The address or the length of the body is malformed") from error
        told = {"TRANSFER_ENCODING", "CONTENT_LENGTH"} if self.chunked else {"TRANSFER_ENCODING"}
        if told & self.headers.keys():
            raise ParsingError("The length of the body is not clear")

    @property
    def is_large(self) -> bool:
        """Whether the application checks the headers before the body is read."""
        return bool(
            self.headers_finished
            and not self.completed
            and (self.chunked or self.content_length > SMALL_BODY)
        )

    def admit(self, *, most: int) -> None:
        """Admit the body, up to `most` bytes: the application wants it."""
        self.most, self.admitted = most, True

    def received(self, data: bytes) -> int:
        """Take what belongs to this request; end a body without a length at the limit.

        What comes behind it is kept in `rest`, where waitress would go on to the next request.
        """
        taken = int(super().received(data))
        if self.chunked and self.admitted and self.body_bytes_received > self.most:
            self.error, self.completed = RequestEntityTooLarge(f"more than {self.most} bytes"), True
        if not self.completed:
            return taken
        self.rest = data[taken:]
        return len(data)
