"""Which IP addresses a partner's system may have: public ones, or those of a private network."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Final

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
# Where a machine's cloud tells it its own keys, and the link that it is plugged into: nobody's
# system of letters, within a private network either.
_NEVER: Final = tuple(
    ipaddress.ip_network(one)
    for one in (
        "169.254.0.0/16",
        "fe80::/10",
        "fd00:ec2::/32",  # Amazon
        "fd20:ce::/32",  # Google
        "168.63.129.16/32",  # Azure, among the public ones
        "100.100.100.200/32",  # Alibaba, among those of carriers
        "192.0.0.192/32",  # Oracle, of before
    )
)
_TRANSLATED: Final = ipaddress.ip_network("::/64")  # ::a.b.c.d, ::ffff:a.b.c.d, ::ffff:0:a.b.c.d
_NAT64: Final = ipaddress.ip_network("64:ff9b::/32")
_LOCAL_NAT64: Final = ipaddress.ip_network("64:ff9b:1::/48")  # RFC 8215

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def may_be_called(address: str, *, private: bool) -> bool:
    """Return whether an IP address may be called; `private` ones only where that is said."""
    return not _is_of_the_machine(address) and (private or is_outside(address))


def numeric(host: str) -> str:
    """Return the IP address that a host is in some writing of it (`0xa9fea9fe`); "" of a name."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return ""
    return str(found[0][4][0])


def _is_of_the_machine(address: str) -> bool:
    """Return whether an address, or one that it carries, is of the link or of the cloud's own."""
    found = ipaddress.ip_address(address)
    return any(
        one in network
        for one in (found, *_carried(found))
        for network in _NEVER
        if network.version == one.version
    )


def _carried(found: _Address) -> Iterator[ipaddress.IPv4Address]:
    """Return the IPv4 addresses to which a gateway may forward what is sent to an IPv6 one."""
    if found.version == 4:
        return
    whole = int(found)
    if found in _TRANSLATED or found in _NAT64 or whole >> 32 & 0xFFFF == _ISATAP:
        yield ipaddress.IPv4Address(whole & 0xFFFFFFFF)
    if found in _LOCAL_NAT64:  # of its prefix some bits, then none in 64 to 71 (RFC 6052, 2.2)
        for bits in (0, 8, 16):
            high, low = whole >> 64 & (1 << bits) - 1, whole >> 24 + bits & (1 << 32 - bits) - 1
            yield ipaddress.IPv4Address(high << 32 - bits | low)
    if found.sixtofour:
        yield found.sixtofour
    yield from found.teredo or ()


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
