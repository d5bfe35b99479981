"""A service that does not answer as services do: slowly, endlessly, broken off."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

Answer = Callable[[socket.socket, threading.Event], None]


@contextlib.contextmanager
def answering_badly(answer: Answer) -> Iterator[str]:
    """Its address, while the context lasts; `answer` is called with each connection, on a thread.

    The event that it is given is set when the test is over.
    """
    over = threading.Event()
    threads: list[threading.Thread] = []

    def each(connected: socket.socket) -> None:
        with connected, contextlib.suppress(OSError):
            connected.recv(65_536)
            answer(connected, over)

    def accept(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connected, _address = server.accept()
                threads.append(threading.Thread(target=each, args=(connected,), daemon=True))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        accepting = threading.Thread(target=accept, args=(server,), daemon=True)
        accepting.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            server.shutdown(socket.SHUT_RDWR)
            for one in (accepting, *threads):
                one.join(10)


def trickles_headers(connected: socket.socket, over: threading.Event) -> None:
    """Say a header one byte at a time, without end."""
    connected.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while not over.wait(0.02):
        connected.sendall(b"x")


def trickles_body(connected: socket.socket, over: threading.Event) -> None:
    """Say a long body one byte at a time."""
    connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n")
    while not over.wait(0.02):
        connected.sendall(b" ")


def breaks_off(connected: socket.socket, _over: threading.Event) -> None:
    """Hang up amid the body."""
    connected.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a": ')


def says_rubbish(connected: socket.socket, _over: threading.Event) -> None:
    """Say that it is compressed, which it is not."""
    connected.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nxxxxx"
    )


def goes_deep(connected: socket.socket, _over: threading.Event) -> None:
    """Answer JSON a hundred thousand lists deep."""
    body = b"[" * 100_000
    connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def never_ends(connected: socket.socket, over: threading.Event) -> None:
    """Answer as fast as it is read, without end."""
    connected.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    while not over.is_set():
        connected.sendall(piece)
