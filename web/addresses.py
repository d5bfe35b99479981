"""The address from which a request comes, behind however many reverse proxies."""

import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

UNKNOWN: Final = "0.0.0.0"  # noqa: S104 - no address to bind to, but one that is not known


def address_of(request: HttpRequest) -> str:
    """Return the request's address: an IPv4 address, or the /64 network of an IPv6 one."""
    return address_in(request.META)


def address_in(environ: Mapping[str, Any]) -> str:
    """Return the address, from the environment that the server gives a request.

    Behind PROXIES reverse proxies it is the address that the outermost of them saw; what stands
    left of it in X-Forwarded-For may be forged by the caller.
    """
    seen = environ.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        chain = [p.strip() for p in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        seen = chain[-settings.PROXIES] if len(chain) >= settings.PROXIES else seen
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def plain_address(request: HttpRequest) -> str:
    """Return the address for a column of addresses: of an IPv6 network its first."""
    seen = address_of(request)
    return UNKNOWN if seen == "unknown" else seen.partition("/")[0]
