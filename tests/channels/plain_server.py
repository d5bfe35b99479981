"""A mail server that offers no TLS: it greets in plain words, and refuses every log-in so."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Plain(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _space, rest = line.strip().partition(b" ")
            verb = rest.partition(b" ")[0].upper()
            if verb == b"CAPABILITY":
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
            elif verb == b"LOGIN":
                self.wfile.write(tag + b" NO [PRIVACYREQUIRED] Encrypt first.\r\n")
            else:
                self.wfile.write(tag + b" BAD unknown\r\n")
                return


class _Endless(socketserver.StreamRequestHandler):
    """Answers a command with far too much before it says that it is done."""

    said: tuple[bytes, ...] = ()

    def handle(self) -> None:
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        try:
            for line in self.rfile:
                tag = line.partition(b" ")[0]
                if b"CAPABILITY" in line:
                    self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
                    continue
                for piece in self.said:
                    self.wfile.write(piece)
                self.wfile.write(tag + b" NO [PRIVACYREQUIRED] Encrypt first.\r\n")
        except OSError:  # the office has hung up
            return


class EndlessLines(_Endless):
    """Many lines."""

    said = (b"* OK " + b"x" * 100_000 + b"\r\n",) * 400


class EndlessLiteral(_Endless):
    """One part of many bytes."""

    said = (b"* X {40000000}\r\n", *(b"x" * 100_000,) * 400, b"\r\n")


@contextmanager
def greeting_plainly(handler: type[socketserver.BaseRequestHandler] = _Plain) -> Iterator[int]:
    """Yield the port of a server without TLS, on every address of this machine's own."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
