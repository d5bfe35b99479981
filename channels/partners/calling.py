"""One request to a partner's address, never to a host inside the private network."""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils import timezone

from channels.partners.reachable import may_be_called, numeric
from org.bounded_answers import Deadline
from org.outgoing_hosts import connected, encrypted, may_reach

_SECONDS: Final = 10.0
_WHOLE_SECONDS: Final = 30.0  # of a request and its answer, however slowly they trickle


class CallError(Exception):
    """The request was not answered; `permanent` where another try cannot help."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


def checked_url(url: str, *, private: bool | None = None) -> SplitResult:
    """Parse the address and check it: https, no user, a host that may be reached.

    Inside a `private` network (unsaid: WEBHOOK_PRIVATE) http as well, but never what a machine
    tells of itself. Raise CallError.
    """
    private = settings.WEBHOOK_PRIVATE if private is None else private
    try:
        parts = urlsplit(url)
        port_fits = parts.port is None or parts.port > 0
    except ValueError as error:
        raise CallError("webhook_address", permanent=True) from error
    schemes = {"https", "http"} if private else {"https"}
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= 400
    if parts.scheme not in schemes or not parts.hostname or parts.username or not port_fits:
        raise CallError("webhook_address", permanent=True)
    if not plain or not may_reach(parts.hostname):
        raise CallError("webhook_address", permanent=True)
    written = numeric(parts.hostname)  # of a name the address is looked at when it is called
    if written and not may_be_called(written, private=private):
        raise CallError("webhook_address", permanent=True)
    return parts


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of the partner's system: the code, and the wait that it requests, in seconds."""

    status: int
    retry_after: float | None = None

    @property
    def taken(self) -> bool:
        """Whether the message was accepted."""
        return 200 <= self.status < 300


def call(
    url: str, *, body: bytes, headers: Mapping[str, str], private: bool | None = None
) -> Answer:
    """Send a POST and return the answer; redirects are not followed.

    `private` (unsaid: WEBHOOK_PRIVATE) allows hosts inside the network. Raise CallError.
    """
    private = settings.WEBHOOK_PRIVATE if private is None else private
    parts = checked_url(url, private=private)
    host, secure = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.sock = _connected(host, port, secure=secure, private=private)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with Deadline(_WHOLE_SECONDS) as deadline:
            deadline.watch(connection.sock)
            connection.request("POST", target, body=body, headers=dict(headers))
            response = connection.getresponse()
        return Answer(response.status, seconds_of(response.headers.get("Retry-After", "")))
    except (OSError, http.client.HTTPException) as error:
        raise CallError("webhook_away", permanent=False) from error
    finally:
        connection.close()


def seconds_of(retry_after: str) -> float | None:
    """Return the seconds given in a Retry-After header, as a number or a date."""
    text = retry_after.strip()
    if text.isascii() and text.isdecimal() and len(text) < 9:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
        return max((moment - timezone.now()).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):  # no date, or one without a zone
        return None


def _connected(host: str, port: int, *, secure: bool, private: bool) -> socket.socket:
    """Connect to the very address that was checked, so that the name cannot resolve elsewhere."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is empty or too long
        raise CallError("webhook_address", permanent=True) from error
    family, kind, protocol, _name, address = found[0]
    if not may_be_called(str(address[0]), private=private):
        raise CallError("webhook_address", permanent=True)
    link = connected(family, kind, protocol, address, seconds=_SECONDS)
    return encrypted(link, host=host) if secure else link
