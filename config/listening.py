"""A listening socket of the web server, with all connections accepted on it."""

import time
from collections.abc import Iterable
from socket import socket
from typing import Any, Final

from waitress.server import TcpWSGIServer

from config.connections import Connection, ConnectionLimits, HeaderCheck
from config.encrypting import EncryptedConnection
from config.loop import Loop
from config.pipelining import PipelinedRequests
from config.served_certificate import ServedCertificate

CONNECTIONS: Final = 1000  # beyond, the one that has been idle longest is closed for the next


class Listener(TcpWSGIServer):  # type: ignore[misc]
    """A listening socket, with all connections accepted on it."""

    channel_class = Connection

    def __init__(
        self,
        application: Any,
        *,
        limits: ConnectionLimits,
        loop: Loop,
        turns: PipelinedRequests,
        certificate: ServedCertificate | None = None,
        **more: Any,
    ) -> None:
        self.limits, self.loop, self.turns, self.certificate = limits, loop, turns, certificate
        if certificate:
            self.channel_class = EncryptedConnection
        super().__init__(_without_body_to_head(application), **more)

    def connections(self) -> list[Connection]:
        """Return the open connections."""
        return list(self.active_channels.values())

    def uploads_of(self, address: str) -> int:
        """Return how many large bodies of this address are being read."""
        reading = [c.request for c in self.connections()]
        return sum(1 for r in reading if r is not None and r.admitted and r.address == address)

    def add_task(self, task: "Connection | HeaderCheck") -> None:
        """Give a task to the threads, or to the line where its request was sent ahead."""
        self.turns.add(task, further=task.further)

    def accept(self) -> tuple[socket, Any] | None:
        """Accept a connection, by TLS where there is a certificate. Raise OSError."""
        accepted: tuple[socket, Any] | None = super().accept()
        if accepted is None or self.certificate is None:
            return accepted
        plain, address = accepted
        return self.certificate.begin(plain), address

    def handle_accept(self) -> None:
        """Accept a connection; where there are too many, in place of the longest idle one."""
        if len(self.active_channels) >= CONNECTIONS:
            idle = [c for c in self.connections() if c.is_idle]
            if idle:
                min(idle, key=lambda c: c.creation_time).handle_close()
        super().handle_accept()

    def maintenance(self, _now: float) -> None:
        """Check every deadline, and the certificate; called once a second."""
        if self.certificate:
            self.certificate.refresh()
        now = time.monotonic()
        for connection in self.connections():
            connection.check(now, self.limits)
            if connection.will_close:
                # At once: the kernel reports nothing of a client that no longer reads.
                connection.handle_close()
            elif not connection.is_quiet:
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
