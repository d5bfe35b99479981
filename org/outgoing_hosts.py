"""Hosts that this office may reach, where OUTGOING_HOSTS lists them: no other name is resolved.

A hook of the interpreter (PEP 578) sees each name resolution in this process, by whichever library.
It does not see what a program of C resolves by itself: libpq (DATABASE_URL), and programs that a
backup starts. A name that was resolved is connected to by its address, which is not checked again;
one that is given to a socket itself is resolved in C, and then not connected to.
"""

import ipaddress
import socket
import ssl
import sys
from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings

from org.security_log import LoggedEvent, write_event
from org.tls import client_context

LOOK_UPS: Final = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
BY_NAME: Final = frozenset({"socket.connect", "socket.sendto"})  # to a name, too
LISTENING: Final = frozenset({"", "*", "0.0.0.0", "::"})  # noqa: S104 - to listen, not to reach


class UnlistedHostError(socket.gaierror):
    """The host stands neither in OUTGOING_HOSTS nor in another setting."""

    def __init__(self) -> None:
        super().__init__(socket.EAI_FAIL, "not in OUTGOING_HOSTS")


class HostList:
    """Hosts that were listed, spelled once; `.example.org` is it and every host below it."""

    def __init__(self, listed: Iterable[str]) -> None:
        names = {plain(one) for one in listed}
        self._below = tuple(one for one in names if one.startswith("."))
        self._names = names | {one[1:] for one in self._below}

    def __contains__(self, host: str) -> bool:
        """Return whether a host is on the list, or is this machine."""
        name = plain(host)
        if "\0" in name:  # C ends the name there
            return False
        if name in LISTENING or name == "localhost" or _is_loopback(name):
            return True
        return name in self._names or name.endswith(self._below)


def may_reach(host: str) -> bool:
    """Return whether the office may reach a host; any, where no list is set."""
    return not settings.OUTGOING_LISTED or host in HostList(settings.OUTGOING_HOSTS)


def plain(host: str) -> str:
    """Return a name as all its spellings: small letters, in ASCII, no brackets, no last dot."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def keep_to_the_list(listed: Iterable[str]) -> None:
    """Refuse every other host to this process from now on; it cannot be taken back."""
    known = HostList([*listed, socket.gethostname()])

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event in LOOK_UPS:
            host = arguments[0]
        elif event in BY_NAME:
            host = _name_in(arguments[1])
        else:
            return
        if not host:
            return
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        if name not in known:
            write_event(LoggedEvent.HOST_UNLISTED, host=name)
            raise UnlistedHostError

    sys.addaudithook(look)


def _name_in(address: Any) -> Any:
    """Return the host of a socket's address where it is a name; "" for a resolved address."""
    host = address[0] if isinstance(address, tuple) and address else ""
    if not isinstance(host, (str, bytes, bytearray)):
        return ""
    name = host if isinstance(host, str) else bytes(host).decode("ascii", "replace")
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name
    return ""


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def connected(
    family: int, kind: int, protocol: int, address: Any, *, seconds: float
) -> socket.socket:
    """Return a socket connected to a resolved address, with this timeout."""
    link = socket.socket(family, kind, protocol)
    try:
        link.settimeout(seconds)
        link.connect(address)
    except OSError:
        link.close()
        raise
    return link


def encrypted(link: socket.socket, *, host: str, trusted: str | None = None) -> ssl.SSLSocket:
    """Return TLS over a connected socket, which is closed where the host is not who it says.

    `trusted` is a file of certificates to trust in place of the system's.
    """
    try:
        context = client_context(trusted)
        return context.wrap_socket(link, server_hostname=host)
    except OSError:
        link.close()
        raise
