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


@contextmanager
def greeting_plainly() -> Iterator[int]:
    """Yield the port of a server without TLS, on every address of this machine's own."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Plain) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
