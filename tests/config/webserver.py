"""The web server's loop with a small site behind it, for tests of its connections."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from waitress.adjustments import Adjustments

from config.connections import ConnectionLimits
from config.listening import Listener
from config.loop import Loop
from config.pipelining import PipelinedRequests
from config.served_certificate import ServedCertificate
from config.threads import Threads
from web.header_checks import HEADER_CHECK, MOST

NEVER = 3600.0  # seconds; no test waits so long
THREADS = 8
LARGE = 4_000_000  # bytes; more than the buffers of a connection take
BUFFER = 65_536  # bytes, asked for on both sides: left to the system it grows to tens of megabytes


class Site:
    """An application that counts what it serves; `/held` is answered once `gate` is open.

    It wants the body of every request that it is asked about by the headers alone.
    """

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.lock = threading.Lock()
        self.served: list[str] = []
        self.at_once = self.most = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        if HEADER_CHECK in environ:
            start_response("204 No Content", [(MOST, str(LARGE))])
            return []
        with self.lock:
            self.served.append(path)
            self.at_once += path.startswith("/held")
            self.most = max(self.most, self.at_once)
        if path.startswith("/held"):
            self.gate.wait()
            with self.lock:
                self.at_once -= 1
        body = b"x" * LARGE if path == "/large" else path.encode() + environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]


class Server:
    """The web server's loop in a thread of its own, with a site behind it."""

    def __init__(
        self,
        *,
        threads: int,
        calm: float,
        pause: float,
        certificate: ServedCertificate | None,
        idle: float,
        stall: float,
    ) -> None:
        self.site, self.loop = Site(), Loop()
        self.threads = Threads(threads)
        self.turns = PipelinedRequests(self.threads, calm=calm, pause=pause)
        sock = socket.create_server(("127.0.0.1", 0))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)  # connections inherit it
        self.listener = Listener(
            self.site,
            limits=ConnectionLimits(headers=NEVER, idle=idle, stall=stall, uploads=1),
            loop=self.loop,
            turns=self.turns,
            certificate=certificate,
            map=self.loop.map,
            _sock=sock,
            dispatcher=self.threads,
            adj=Adjustments(
                threads=threads,
                outbuf_high_watermark=2**40,
                recv_bytes=65_536,
                cleanup_interval=1,
            ),
            sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
            bind_socket=False,
        )
        self.port = int(sock.getsockname()[1])
        self.loop.look_always_at(*self.loop.map.values())
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        while not self.ended.is_set():
            self.loop.turn(self.turns.go_on)

    def stop(self) -> None:
        self.site.gate.set()
        self.ended.set()
        self.listener.pull_trigger()
        self.thread.join()
        for connection in self.listener.connections():
            connection.handle_close()
        self.listener.close()
        self.threads.shutdown()

    def send(self, data: bytes, *, source: str = "127.0.0.1") -> socket.socket:
        link = socket.socket()
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        link.settimeout(60)
        link.bind((source, 0))
        link.connect(("127.0.0.1", self.port))
        link.sendall(data)
        return link

    def secure(self, trusted: ssl.SSLContext, data: bytes) -> ssl.SSLSocket:
        """A connection that speaks TLS, as a proxy's; its end is told from its being cut off."""
        link = self.send(b"")
        secured = trusted.wrap_socket(link, server_hostname="web", suppress_ragged_eofs=False)
        secured.sendall(data)
        return secured

    def ask(self, path: str, *, source: str = "127.0.0.1", **headers: str) -> bytes:
        link = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(source, 0)
        )
        with contextlib.closing(link):
            link.request("GET", path, headers=headers)
            return link.getresponse().read()


Start = Callable[..., Server]


@contextlib.contextmanager
def servers() -> Iterator[Start]:
    """Start servers, whose further requests go on when nobody else asks, and only then."""
    with contextlib.ExitStack() as cleanup:

        def started(
            *,
            threads: int = THREADS,
            calm: float = 0,
            pause: float = NEVER,
            certificate: ServedCertificate | None = None,
            idle: float = NEVER,
            stall: float = NEVER,
        ) -> Server:
            bounds = {"calm": calm, "pause": pause, "idle": idle, "stall": stall}
            server = Server(threads=threads, certificate=certificate, **bounds)
            cleanup.callback(server.stop)
            return server

        yield started


def get(path: str, *more: str, version: str = "1.1") -> bytes:
    """A request as it is sent."""
    lines = (f"GET {path} HTTP/{version}", "Host: 127.0.0.1", *more)
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def bodies(link: socket.socket, count: int) -> list[bytes]:
    """The bodies of so many answers on one connection."""
    with link.makefile("rb") as stream:
        return [_body(stream) for _ in range(count)]


def _body(stream: Any) -> bytes:
    assert stream.readline().split()[1] == b"200"
    headers = http.client.parse_headers(stream)
    return bytes(stream.read(int(headers["Content-Length"])))


def until(fact: Callable[[], Any]) -> None:
    """Wait for a fact."""
    deadline = time.monotonic() + 60
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.01)
