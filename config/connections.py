"""Connections of the web server, with deadlines for what a client sends before it gets a thread.

waitress reads headers, bodies and answers in one loop for all connections, and takes a thread only
for a whole request. Added here: deadlines, a check of the headers of a large body (see
`web.header_checks`) before the body is read, and that a connection has one request at a time: what
it sends meanwhile waits as bytes, and has its turn behind other people's requests
(`config.pipelining`).
"""

import io
import socket
import time
from dataclasses import dataclass
from typing import Any, Final, cast

from waitress.channel import HTTPChannel
from waitress.utilities import Error

from config.incoming import Answer, Incoming, RequestTimeout
from web.addresses import address_in
from web.header_checks import ALONE, CROWDED, HEADER_CHECK, MOST

LEAST_BYTES: Final = 65_536  # must come or go in the seconds of `ConnectionLimits.stall`
LINGER_SECONDS: Final = 5  # for a refused client to read why, while it still sends


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Time limits in seconds, and how many large bodies one address may upload at once.

    `headers`: for the headers of a request; `idle`: between two requests; `stall`: for
    `LEAST_BYTES` of a body or an answer.
    """

    headers: float
    idle: float
    stall: float
    uploads: int


class Connection(HTTPChannel):  # type: ignore[misc]
    """A client's connection.

    The loop's thread calls everything but `check_headers` and `service`.
    """

    parser_class = Incoming
    request: Incoming | None
    requests: list[Incoming]
    will_close: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.checking_headers = self.continue_due = False
        self.lingers_until: float | None = None
        self.ahead = b""  # what came behind the request that is served; not looked at yet
        self.further = False  # whether the request was sent before the last one's answer
        self._hurried = False  # whether more came while the request waited for its thread
        self.moved = 0  # bytes that came or went
        self._phase, self._moved, self._since = "", 0, time.monotonic()
        super().__init__(*args, **kwargs)
        self.server.loop.look_at(self)

    def del_channel(self, map: Any = None) -> None:
        """Forget the connection, which is closed."""
        self.server.loop.forget(self)
        super().del_channel(map)

    @property
    def is_idle(self) -> bool:
        """Whether closing it would lose nothing but the beginning of a request."""
        reading = self.request is not None and self.request.admitted
        busy = self.requests or self.ahead or self.total_outbufs_len or self.checking_headers
        return not (busy or reading)

    @property
    def is_quiet(self) -> bool:
        """Whether it only waits for bytes: no thread works for it and nothing is to be sent."""
        return not (
            self.requests
            or self.ahead
            or self.total_outbufs_len
            or self.checking_headers
            or self.continue_due
            or self.will_close
        ) and (self.lingers_until is not None or not self.close_when_flushed)

    @property
    def address(self) -> str:
        """Return who asks: the other end, or behind PROXIES whom the request's headers name."""
        request = self.requests[0] if self.requests else self.request
        named = request.headers.get("X_FORWARDED_FOR", "") if request else ""
        return address_in({"REMOTE_ADDR": self.addr[0], "HTTP_X_FORWARDED_FOR": named})

    def readable(self) -> bool:
        """Return whether bytes are wanted: not while those that came wait for their turn."""
        waits = self.checking_headers or self.ahead
        return self.lingers_until is not None or (not waits and bool(super().readable()))

    def writable(self) -> bool:
        """Return whether there is something to send, or to end."""
        sends = self.continue_due or super().writable()
        return bool(self.will_close or (self.lingers_until is None and sends))

    def recv(self, size: int) -> bytes:
        """Receive bytes and count them."""
        data = cast("bytes", super().recv(size))
        self.moved += len(data)
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send bytes and count them."""
        sent = int(super().send(data, do_close=do_close))
        self.moved += sent
        return sent

    def received(self, data: bytes) -> bool:
        """Pass bytes to the request; call the application once headers announce a large body."""
        return self._take(data, further=self._hurried)

    def go_on(self) -> None:
        """Take up what came behind a request, once that is answered and the answer is sent."""
        waits = self.requests or self.total_outbufs_len or self.checking_headers
        if self.ahead and not (waits or self.will_close or self.close_when_flushed):
            self._take(self.ahead, further=True)

    def _take(self, data: bytes, *, further: bool) -> bool:
        self.ahead = b""
        if self.lingers_until is not None:
            return False
        if self.request is None:
            data = data.lstrip(b"\r\n")  # some clients send an empty line behind a body
            if not data:
                return False
            self.request = self.parser_class(self.adj)
            self.further, self._hurried = further, False
        request = self.request
        taken = bool(super().received(data))
        self.ahead, request.rest = request.rest, b""
        if request.is_large and not request.headers_checked:
            request.headers_checked = self.checking_headers = True
            self.server.add_task(HeaderCheck(self))
        return taken

    def service(self) -> None:
        """Answer the request, in a thread of waitress; see first whether more of them came."""
        try:
            self._hurried = self.has_more()
        except OSError:  # nothing came, or the connection is broken
            self._hurried = False
        super().service()

    def has_more(self) -> bool:
        """Return whether more came than was read; raise OSError where not, or it is broken."""
        return bool(self.socket.recv(16, socket.MSG_PEEK).strip(b"\r\n"))

    def end_sending(self) -> None:
        """Shut down the sending side; the client may go on to send. Raise OSError."""
        self.socket.shutdown(socket.SHUT_WR)

    def send_continue(self) -> None:
        """Send `100 Continue`, which requests the body; a large one must be admitted first."""
        request = self.request
        if request is None or not request.is_large or request.admitted:
            super().send_continue()

    def check_headers(self) -> None:
        """Have the application check the request's headers; refuse the body or read on.

        Runs in a thread of the application.
        """
        request = cast("Incoming", self.request)
        answer = _ask(self, request)
        if answer.status.startswith("204 ") and (most := dict(answer.headers).get(MOST)):
            request.admit(most=int(most))
            self.continue_due = request.expect_continue  # the loop's thread sends without a lock
            self.checking_headers = False
            self.server.pull_trigger()
            return
        self._end_with(request, answer)
        self.checking_headers = False
        self.service()

    def handle_write(self) -> None:
        """Send what is waiting.

        A client refused in mid-request may still be sending, and a connection closed then loses the
        answer: so it is closed for sending, and read for some seconds more.
        """
        if self.continue_due:
            self.continue_due = False
            if self.request is not None and self.request.expect_continue:
                self.send_continue()
        ends = self.close_when_flushed and not self.total_outbufs_len and not self.will_close
        if ends and self.lingers_until is None and not self.requests:
            self.lingers_until = time.monotonic() + LINGER_SECONDS
            try:
                self.end_sending()
            except OSError:
                self.will_close = True
            return
        super().handle_write()

    def handle_read(self) -> None:
        """Read; at the end of what a lingering client sends, mark the connection for closing."""
        super().handle_read()
        if self.lingers_until is not None and not self.connected:
            self.will_close = True

    def check(self, now: float, limits: ConnectionLimits) -> None:
        """Close the connection where it is overdue."""
        if self.will_close:
            return
        if self.lingers_until is not None:
            self.will_close = now > self.lingers_until
        elif self.total_outbufs_len:
            self.will_close = self._waited("answer", now, LEAST_BYTES) > limits.stall
        elif self.requests or self.checking_headers:
            self._waited("work", now, 0)
        elif self.request is None:
            self.will_close = self._waited("idle", now, 1) > limits.idle
        elif self._is_late(self.request, now, limits):
            self._end_with(self.request, RequestTimeout("The request did not come in time."))
            self.server.add_task(self)

    def _is_late(self, request: Incoming, now: float, limits: ConnectionLimits) -> bool:
        """Return whether headers took too long since their first byte, or a body is too slow."""
        if not request.headers_finished:
            return now - request.began > limits.headers
        return self._waited("body", now, LEAST_BYTES) > limits.stall

    def _waited(self, phase: str, now: float, least: int) -> float:
        """Return the seconds in this phase since at least `least` bytes came or went."""
        if phase != self._phase or self.moved - self._moved >= least:
            self._phase, self._moved, self._since = phase, self.moved, now
        return now - self._since

    def _end_with(self, request: Incoming, error: Error | Answer) -> None:
        with self.requests_lock:
            request.error, request.completed = error, True
            self.requests.append(request)
            self.request = None


class HeaderCheck:
    """The task of checking a request by its headers alone, in the application."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def further(self) -> bool:
        """Whether its request was sent before the last one's answer."""
        return self.connection.further

    @property
    def address(self) -> str:
        """Return who asks."""
        return self.connection.address

    def service(self) -> None:
        """Run in a thread of waitress; close the connection where that fails."""
        try:
            self.connection.check_headers()
        except Exception:
            self.connection.will_close = True
            self.connection.checking_headers = False
            self.connection.server.pull_trigger()
            raise

    def cancel(self) -> None:
        """Cancel the connection's work: the server stops."""
        self.connection.cancel()


def _ask(connection: Connection, request: Incoming) -> Answer:
    """Return the application's answer to the headers alone."""
    environ = dict(connection.task_class(connection, request).get_environment())
    request.address = address_in(environ)
    environ |= {"wsgi.input": io.BytesIO(), HEADER_CHECK: ALONE}
    if connection.server.uploads_of(request.address) >= connection.server.limits.uploads:
        environ[HEADER_CHECK] = CROWDED
    told: list[Any] = []
    body = connection.server.application(environ, lambda *given: told.extend(given[:2]))
    try:
        content = b"".join(body)
    finally:
        if close := getattr(body, "close", None):
            close()
    return Answer(told[0], told[1], content)
