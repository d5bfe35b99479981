"""The certificate by which browsers trust this office: read from outside, as they do."""

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.core.cache import cache

_SECONDS: Final = 3.0
_KEPT, _KEPT_AWAY = 900, 60  # seconds; so that a page does not wait each time it is opened


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen: when the certificate ends; `problem` is away, untrusted or ""."""

    ends_at: datetime | None
    problem: str = ""


def certificate_of(url: str) -> Seen | None:
    """Return what the address shows; None where it is not https. At most some minutes old."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    place = (parts.hostname, parts.port or 443)
    key = f"certificate:{place[0]}:{place[1]}"
    seen = cache.get(key)
    if not isinstance(seen, Seen):
        seen = _look(*place)
        cache.set(key, seen, _KEPT_AWAY if seen.problem else _KEPT)
    return seen


def _look(host: str, port: int) -> Seen:
    try:
        return Seen(_end(host, port, ssl.create_default_context()))
    except ssl.SSLCertVerificationError:
        unchecked = ssl.create_default_context()
        unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    except (OSError, ValueError):
        return Seen(None, "away")
    try:  # read only to tell when it ended; nothing is sent
        return Seen(_end(host, port, unchecked), "untrusted")
    except (OSError, ValueError):
        return Seen(None, "untrusted")


def _end(host: str, port: int, context: ssl.SSLContext) -> datetime:
    from cryptography import x509

    with (
        socket.create_connection((host, port), timeout=_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert(binary_form=True) or b""
    return x509.load_der_x509_certificate(shown).not_valid_after_utc
