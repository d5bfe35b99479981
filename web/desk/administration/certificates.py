"""Certificates as others see them: this office's by browsers, its services' by the office."""

import socket
import ssl
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.core.cache import cache

from org.tls import client_context

_SECONDS: Final = 3.0
_KEPT, _KEPT_AWAY = 900, 60  # seconds; so that a page does not wait each time it is opened
_ASK_FOR_TLS: Final = struct.pack("!ii", 8, 80877103)  # PostgreSQL's SSLRequest, answered by S or N


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen: when the certificate ends; `problem` is away, untrusted or ""."""

    ends_at: datetime | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that presents a certificate, and the file of the trusted authority, "" the public.

    `asks`: TLS is negotiated in PostgreSQL's way. `named`: the certificate must be of that host.
    """

    host: str
    port: int
    authority: str = ""
    asks: bool = False
    named: bool = True


def certificate_of(url: str) -> Seen | None:
    """Return what the address shows; None where it is not https. At most some minutes old."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    return certificate_at(Endpoint(parts.hostname, parts.port or 443))


def certificate_at(endpoint: Endpoint) -> Seen:
    """Return what is shown there; at most some minutes old."""
    key = f"certificate:{endpoint.host}:{endpoint.port}"
    seen = cache.get(key)
    if not isinstance(seen, Seen):
        seen = _look(endpoint)
        cache.set(key, seen, _KEPT_AWAY if seen.problem else _KEPT)
    return seen


def _look(endpoint: Endpoint) -> Seen:
    try:
        checked = client_context(endpoint.authority)
        checked.check_hostname = endpoint.named
        return Seen(_end(endpoint, checked))
    except ssl.SSLCertVerificationError:
        unchecked = client_context()
        unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    except (OSError, ValueError):
        return Seen(None, "away")
    try:  # read only to tell when it ended; nothing is sent
        return Seen(_end(endpoint, unchecked), "untrusted")
    except (OSError, ValueError):
        return Seen(None, "untrusted")


def _end(endpoint: Endpoint, context: ssl.SSLContext) -> datetime:
    from cryptography import x509

    with socket.create_connection((endpoint.host, endpoint.port), timeout=_SECONDS) as plain:
        if endpoint.asks:
            plain.sendall(_ASK_FOR_TLS)
            if plain.recv(1) != b"S":
                raise ConnectionError("no TLS there")
        with context.wrap_socket(plain, server_hostname=endpoint.host) as secured:
            shown = secured.getpeercert(binary_form=True) or b""
    return x509.load_der_x509_certificate(shown).not_valid_after_utc
