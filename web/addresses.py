"""The address from which a request comes, behind however many reverse proxies."""

import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

UNKNOWN: Final = "0.0.0.0"  # noqa: S104 - no address to bind to, but one that is not known
_HOME: Final = 56  # bits of the network that a provider gives a house: 256 networks of 64 bits
_LINK: Final = 64  # bits of the one network in which a computer stands


def address_of(request: HttpRequest) -> str:
    """Return the request's address: an IPv4 address, or the /56 network of an IPv6 one.

    A house has 256 networks of 64 bits to choose from, and no brake may begin anew with each.
    """
    return address_in(request.META)


def address_in(environ: Mapping[str, Any]) -> str:
    """Return the address, from the environment that the server gives a request.

    Behind PROXIES reverse proxies it is the address that the outermost of them saw; what stands
    left of it in X-Forwarded-For may be forged by the caller.
    """
    return _network(environ, _HOME)


def _network(environ: Mapping[str, Any], bits: int) -> str:
    seen = environ.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        chain = [p.strip() for p in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        seen = chain[-settings.PROXIES] if len(chain) >= settings.PROXIES else seen
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((address, bits), strict=False))
    return str(address)


def plain_address(request: HttpRequest) -> str:
    """Return the address for a column of addresses: of an IPv6 network (/64) its first."""
    seen = _network(request.META, _LINK)
    return UNKNOWN if seen == "unknown" else seen.partition("/")[0]
