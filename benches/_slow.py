"""Clients that tie up a server: half a request, half an upload, nothing, or slow reading.

Each attack is a list of open sockets. One thread sends (or reads) a byte a second on each of them
for as long as they are held; a socket that the server has closed is opened anew, as a stubborn
client would do.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

UPLOAD_BYTES = 10_000_000
SMALL_BYTES = 4_000


@dataclass(frozen=True, slots=True)
class Attack:
    """What each socket sends at first, and whether it then sends or reads a byte a second.

    `eager`: it reads all that comes, and begins anew at the end. `source`: its own address.
    """

    name: str
    sockets: int
    opening: bytes = b""
    drip: bytes = b""
    reads: bool = False
    eager: bool = False
    source: str = ""


def slow_headers(count: int) -> Attack:
    """Return an attack of headers that never end."""
    opening = b"GET /portal/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    return Attack(f"{count} slow headers", count, opening, b"a")


def half_uploads(count: int, *, path: str, token: str = "", drip: bytes = b"") -> Attack:
    """Return an attack of 10 MB deposits, half sent; then silence, or a byte a second."""
    name = f"{count} half uploads{', dripping' if drip else ''}"
    return Attack(name, count, _head(path, token) + b"x" * (UPLOAD_BYTES // 2), drip)


def idle(count: int) -> Attack:
    """Return an attack of connections on which nothing is ever sent."""
    return Attack(f"{count} idle connections", count)


def slow_readers(count: int, *, path: str, token: str) -> Attack:
    """Return an attack of clients that ask for a large file and read a byte of it each second."""
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {token}\r\n\r\n"
    return Attack(f"{count} slow readers", count, asked.encode(), reads=True)


def pipelined(count: int, *, requests: int, eager: bool = False) -> Attack:
    """Return an attack of clients that send many requests at once and read a byte a second."""
    one = b"GET /portal/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    name = f"{count} times {requests} requests at once{', read' if eager else ''}"
    return Attack(name, count, one * requests, reads=not eager, eager=eager)


def crowd(count: int) -> Attack:
    """Return so many clients of another address, each of which asks for page after page."""
    one = b"GET /portal/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    name = f"{count} of another address, page after page"
    return Attack(name, count, one, eager=True, source="127.0.0.2")


def old_headers(count: int) -> Attack:
    """Return an attack of HTTP/1.0 without a host, kept alive, whose headers never end."""
    opening = b"GET /portal/ HTTP/1.0\r\nConnection: keep-alive\r\nX-Slow: "
    return Attack(f"{count} slow headers of HTTP/1.0", count, opening, b"a")


def old_bodies(count: int) -> Attack:
    """Return an attack of HTTP/1.0 bodies that never end."""
    head = "POST /login/ HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    opening = f"{head}Content-Length: {SMALL_BYTES}\r\n\r\nusername=".encode()
    return Attack(f"{count} slow bodies of HTTP/1.0", count, opening, b"a")


def slow_bodies(count: int) -> Attack:
    """Return an attack of small forms that are sent a byte a second."""
    head = "POST /follow/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\n"
    opening = f"{head}Content-Length: {SMALL_BYTES}\r\n\r\nnumber=".encode()
    return Attack(f"{count} slow bodies", count, opening, b"a")


def _head(path: str, token: str) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: multipart/form-data; boundary=half",
        f"Content-Length: {UPLOAD_BYTES}",
    ]
    if token:
        lines.append(f"Authorization: Token {token}")
    part = '--half\r\nContent-Disposition: form-data; name="files"; filename="half.pdf"\r\n\r\n'
    return ("\r\n".join(lines) + "\r\n\r\n" + part).encode()


@contextlib.contextmanager
def held(attack: Attack, port: int) -> Iterator[None]:
    """Hold the attack while the block runs; all its sockets are open when it begins."""
    stop = threading.Event()
    slow = [_Slow(attack, port) for _ in range(attack.sockets)]
    _each(slow, _Slow.open)
    thread = threading.Thread(target=_keep_on, args=(slow, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        _each(slow, _Slow.close)


class _Slow:
    """One socket of an attack."""

    def __init__(self, attack: Attack, port: int) -> None:
        self.attack, self.port = attack, port
        self.socket: socket.socket | None = None
        self.left = b""

    def open(self) -> None:
        """Connect, and send as much of the opening as is accepted now."""
        link = socket.socket()
        if self.attack.reads:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.settimeout(5)
        with contextlib.suppress(OSError):
            link.bind((self.attack.source, 0))
            link.connect(("127.0.0.1", self.port))
        link.setblocking(False)
        self.socket, self.left = link, self.attack.opening
        self.go_on()

    def go_on(self) -> None:
        """Send or read a byte more; a closed connection is opened anew."""
        if self.socket is None:
            return
        try:
            if self.left:
                self.left = self.left[self.socket.send(self.left) :]
            elif self.attack.drip:
                self.socket.send(self.attack.drip)
            if not self.left and not self.socket.recv(1_000_000 if self.attack.eager else 1):
                self.close()
                self.open()
        except BlockingIOError:
            pass
        except OSError:
            self.close()
            self.open()

    def close(self) -> None:
        """Close the socket."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def _keep_on(slow: list[_Slow], stop: threading.Event) -> None:
    last = 0.0
    while not stop.wait(0.05):
        due = time.monotonic() - last >= 1
        last = time.monotonic() if due else last
        _each([one for one in slow if due or one.left or one.attack.eager], _Slow.go_on)


def _each(slow: list[_Slow], what: Callable[[_Slow], None]) -> None:
    for one in slow:
        what(one)
