"""One request to a partner's address, never to a host inside the private network."""

import http.client
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils import timezone

from org.bounded_answers import Deadline
from org.outgoing_hosts import connected, encrypted, may_reach

_SECONDS: Final = 10.0
_WHOLE_SECONDS: Final = 30.0  # of a request and its answer, however slowly they trickle
# IPv4 in the last 32 bits: mapped (RFC 4291), and NAT64 (RFC 6052), which leads to the same place.
_CARRIES_IPV4: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::ffff:0:0/96"))
_PUBLIC: Final = ipaddress.ip_network("2000::/3")  # all that is given out of IPv6 (RFC 4291, 2.4)
_ISATAP: Final = 0x5EFE  # the 16 bits before an IPv4 address at the end (RFC 5214, 6.1)
# Among the public ones: Teredo and 6to4's anycast relays, which are gateways to whatever stands
# behind them; those of protocols and of documents.
_INSIDE: Final = tuple(
    ipaddress.ip_network(one)
    for one in ("2001::/32", "3fff::/20", "192.88.99.0/24", "192.0.0.0/24")
)


class CallError(Exception):
    """The request was not answered; `permanent` where another try cannot help."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


def checked_url(url: str, *, private: bool | None = None) -> SplitResult:
    """Parse the address and check it: https, no user, a host that may be reached.

    Inside a `private` network (unsaid: WEBHOOK_PRIVATE) http as well. Raise CallError.
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
    if not private and not is_outside(str(address[0])):
        raise CallError("webhook_address", permanent=True)
    link = connected(family, kind, protocol, address, seconds=_SECONDS)
    return encrypted(link, host=host) if secure else link


def is_outside(address: str) -> bool:
    """Return whether an IP address belongs to the public internet.

    The IPv4 address embedded in an IPv6 one is checked too: a gateway would forward to that.
    """
    found = ipaddress.ip_address(address)
    if not found.is_global or found.is_multicast or any(found in one for one in _INSIDE):
        return False
    if found.version == 4:
        return True
    last = str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
    if any(found in network for network in _CARRIES_IPV4):
        return is_outside(last)
    if found not in _PUBLIC or (int(found) >> 32 & 0xFFFF == _ISATAP and not is_outside(last)):
        return False
    return found.sixtofour is None or is_outside(str(found.sixtofour))
