"""Connections of the web server, with deadlines for what a client sends before it gets a thread.

waitress reads headers, bodies and answers in one loop for all connections, and takes a thread only
for a whole request. Added here: deadlines, and a look at the headers of a large body (a "knock",
see `web.knocking`) before the body is read.
"""

import io
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, cast

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.utilities import Error

from config.incoming import Answer, Incoming, RequestTimeout
from config.loop import Loop
from web.knocking import CROWDED, KNOCK, KNOCKED, MOST
from web.throttle import address_in

LEAST_BYTES: Final = 65_536  # must come or go in the seconds of `Patience.stall`
LINGER_SECONDS: Final = 5  # for a refused client to read why, while it still sends
CONNECTIONS: Final = 1000  # beyond, the one that has been idle longest is closed for the next


@dataclass(frozen=True, slots=True)
class Patience:
    """Time limits in seconds, and how many large bodies one address may upload at once.

    `headers`: for the headers of a request; `idle`: between two requests; `stall`: for
    `LEAST_BYTES` of a body or an answer.
    """

    headers: float
    idle: float
    stall: float
    uploads: int


class Connection(HTTPChannel):  # type: ignore[misc]
    """A client's connection. The loop's thread calls everything but `knock` and `service`."""

    parser_class = Incoming
    request: Incoming | None
    requests: list[Incoming]
    will_close: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.knocking = self.continue_due = False
        self.lingers_until: float | None = None
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
        return not (self.requests or self.total_outbufs_len or self.knocking or reading)

    @property
    def is_quiet(self) -> bool:
        """Whether it only waits for bytes: no thread works for it and nothing is to be sent."""
        return not (
            self.requests
            or self.total_outbufs_len
            or self.knocking
            or self.continue_due
            or self.will_close
        ) and (self.lingers_until is not None or not self.close_when_flushed)

    def readable(self) -> bool:
        """Return whether bytes are wanted: not while the application is asked about the body."""
        return self.lingers_until is not None or (not self.knocking and bool(super().readable()))

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
        """Hand bytes to the request; ask the application once headers announce a large body."""
        if self.lingers_until is not None:
            return False
        taken = bool(super().received(data))
        request = self.request
        if request is not None and request.is_large and not request.knocked:
            request.knocked = self.knocking = True
            self.server.add_task(Knock(self))
        return taken

    def send_continue(self) -> None:
        """Send `100 Continue`, which asks for the body; a large one must be admitted first."""
        request = self.request
        if request is None or not request.is_large or request.admitted:
            super().send_continue()

    def knock(self) -> None:
        """Ask the application about the request's headers; refuse the body or read on.

        Runs in a thread of the application.
        """
        request = cast("Incoming", self.request)
        answer = _ask(self, request)
        if answer.status.startswith("204 ") and (most := dict(answer.headers).get(MOST)):
            request.admit(most=int(most))
            self.continue_due = request.expect_continue  # the loop's thread sends without a lock
            self.knocking = False
            self.server.pull_trigger()
            return
        self._end_with(request, answer)
        self.knocking = False
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
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.will_close = True
            return
        super().handle_write()

    def handle_read(self) -> None:
        """Read; at the end of what a lingering client sends, mark the connection for closing."""
        super().handle_read()
        if self.lingers_until is not None and not self.connected:
            self.will_close = True

    def check(self, now: float, patience: Patience) -> None:
        """Close the connection where it is overdue."""
        if self.will_close:
            return
        if self.lingers_until is not None:
            self.will_close = now > self.lingers_until
        elif self.total_outbufs_len:
            self.will_close = self._waited("answer", now, LEAST_BYTES) > patience.stall
        elif self.requests or self.knocking:
            self._waited("work", now, 0)
        elif self.request is None:
            self.will_close = self._waited("idle", now, 1) > patience.idle
        elif self._is_late(self.request, now, patience):
            self._end_with(self.request, RequestTimeout("The request did not come in time."))
            self.server.add_task(self)

    def _is_late(self, request: Incoming, now: float, patience: Patience) -> bool:
        """Return whether headers took too long since their first byte, or a body is too slow."""
        if not request.headers_finished:
            return now - request.began > patience.headers
        return self._waited("body", now, LEAST_BYTES) > patience.stall

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


class Knock:
    """The task of asking the application about the headers of a request."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def service(self) -> None:
        """Run in a thread of waitress; close the connection where that fails."""
        try:
            self.connection.knock()
        except Exception:
            self.connection.will_close = True
            self.connection.knocking = False
            self.connection.server.pull_trigger()
            raise

    def cancel(self) -> None:
        """Cancel the connection's work: the server stops."""
        self.connection.cancel()


def _ask(connection: Connection, request: Incoming) -> Answer:
    """Return the application's answer to the headers alone."""
    environ = dict(connection.task_class(connection, request).get_environment())
    request.address = address_in(environ)
    environ |= {"wsgi.input": io.BytesIO(), KNOCK: KNOCKED}
    if connection.server.uploads_of(request.address) >= connection.server.patience.uploads:
        environ[KNOCK] = CROWDED
    told: list[Any] = []
    body = connection.server.application(environ, lambda *given: told.extend(given[:2]))
    try:
        content = b"".join(body)
    finally:
        if close := getattr(body, "close", None):
            close()
    return Answer(told[0], told[1], content)


class Listener(TcpWSGIServer):  # type: ignore[misc]
    """A listening socket, with all connections accepted on it."""

    channel_class = Connection

    def __init__(self, application: Any, *, patience: Patience, loop: Loop, **more: Any) -> None:
        self.patience, self.loop = patience, loop
        super().__init__(_without_body_to_head(application), **more)

    def connections(self) -> list[Connection]:
        """Return the open connections."""
        return list(self.active_channels.values())

    def uploads_of(self, address: str) -> int:
        """Return how many large bodies of this address are being read."""
        reading = [c.request for c in self.connections()]
        return sum(1 for r in reading if r is not None and r.admitted and r.address == address)

    def handle_accept(self) -> None:
        """Accept a connection; where there are too many, in place of the longest idle one."""
        if len(self.active_channels) >= CONNECTIONS:
            idle = [c for c in self.connections() if c.is_idle]
            if idle:
                min(idle, key=lambda c: c.creation_time).handle_close()
        super().handle_accept()

    def maintenance(self, _now: float) -> None:
        """Check every deadline; called once a second."""
        now = time.monotonic()
        for connection in self.connections():
            connection.check(now, self.patience)
            if not connection.is_quiet:
                self.loop.look_at(connection)


def _without_body_to_head(application: Any) -> Any:
    """Wrap the application so that an answer to HEAD has no body, which waitress would send."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body: Iterable[bytes] = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if close := getattr(body, "close", None):
            close()
        return []

    return answer
