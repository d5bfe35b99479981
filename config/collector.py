"""A collector of security events (SECURITY_LOG): syslog (RFC 5424) over TLS, TCP, UDP, a socket.

What it does not take is lost there, never here: the lines stand on standard error too, and the
record in the database.
"""

import logging
import os
import socket
import time
from datetime import UTC, datetime
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

from org.outgoing_hosts import connected, encrypted
from org.start_words import gettext as _

SCHEMES: Final = {"tls": 6514, "tcp": 514, "udp": 514, "unix": 0}
SECONDS: Final = 2.0  # that each step waits for the collector: connecting, shaking hands, sending
PAUSE: Final = 30.0  # seconds without another try after one that failed
MOST: Final = 8192  # bytes of a message (RFC 5424, 6.1); what is longer is cut off
_AUTHPRIV: Final = 10 * 8  # the facility of security messages
_SEVERITIES: Final = {"DEBUG": 7, "INFO": 6, "WARNING": 4, "ERROR": 3, "CRITICAL": 2}

log = logging.getLogger(__name__)


def read(address: str) -> SplitResult:
    """Return the parts of SECURITY_LOG. Raise ImproperlyConfigured."""
    try:
        parts = urlsplit(address)
        named = parts.path if parts.scheme == "unix" else parts.hostname
        fits = parts.scheme in SCHEMES and named and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits:
        wanted = "tls://host:6514, tcp://host:514, udp://host:514, unix:///dev/log"
        words = _("It must be %(form)s.") % {"form": wanted}
        raise ImproperlyConfigured(f"SECURITY_LOG: {words}")
    return parts


class Collector(logging.Handler):
    """Sends each line as one message; connects at the first, in each process by itself."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.parts = read(address)
        self.socket: socket.socket | None = None
        self.process = 0
        self.quiet_until = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Send the line. A failure is logged, and never breaks the work that the line is about."""
        if time.monotonic() < self.quiet_until:
            return
        try:
            self._deliver(self._message(record))
        except Exception:
            self.handleError(record)

    def _deliver(self, message: bytes) -> None:
        """Send a message, on a new connection where the collector closed the last one."""
        for again in (True, False):
            known = self.socket is not None and self.process == os.getpid()
            try:
                self._send(message)
            except OSError as error:
                self._drop()
                if known and again:
                    continue
                self.quiet_until = time.monotonic() + PAUSE
                log.error("SECURITY_LOG: not taken (%s); lines stay here", type(error).__name__)
            return

    def _send(self, message: bytes) -> None:
        if self.process != os.getpid():  # a fork: the connection is the parent's
            self.socket, self.process = None, os.getpid()
        if self.socket is None:
            self.socket = self._connected()
        self.socket.sendall(message)

    def _connected(self) -> socket.socket:
        kind, host = self.parts.scheme, self.parts.hostname or ""
        if kind == "unix":
            local = (socket.AF_UNIX, socket.SOCK_DGRAM, 0, self.parts.path)
            return connected(*local, seconds=SECONDS)
        address = (host, self.parts.port or SCHEMES[kind])
        if kind == "udp":
            (family, datagrams, protocol, _name, where), *_ = socket.getaddrinfo(
                *address, type=socket.SOCK_DGRAM
            )
            return connected(family, datagrams, protocol, where, seconds=SECONDS)
        link = socket.create_connection(address, timeout=SECONDS)
        if kind == "tcp":
            return link
        trusted = parse_qs(self.parts.query).get("ca_certs", [None])[-1]
        return encrypted(link, host=host, trusted=trusted)

    def _message(self, record: logging.LogRecord) -> bytes:
        """Return the message by RFC 5424, on a stream with its length before it (RFC 6587)."""
        rank = _AUTHPRIV + _SEVERITIES.get(record.levelname, 5)
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        where = f"{socket.gethostname() or '-'} sijill {os.getpid()} {record.name} -"
        line = f"<{rank}>1 {when.replace('+00:00', 'Z')} {where} {self.format(record)}"
        message = line.replace("\n", " ").encode(errors="backslashreplace")
        message = message[:MOST].decode(errors="ignore").encode()  # no half letter at the end
        framed = self.parts.scheme in {"tls", "tcp"}
        return f"{len(message)} ".encode() + message if framed else message

    def _drop(self) -> None:
        if self.socket is not None and self.process == os.getpid():
            self.socket.close()
        self.socket = None
