"""Hosts of addresses: which, and whether they lie on this machine."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Return whether the name leads nowhere but to this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def host_of(url: str) -> str:
    """Return the host of an address; "" where it names none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
