"""A real SMS gateway on a port of its own, that says what a test wants to hear."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Gateway:
    """What it took, and how it answers."""

    status: int = 202
    answer: bytes = b'{"id": "msg-1"}'
    delay: float = 0.0
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def sms_gateway(settings: Any) -> Iterator[Gateway]:
    """The gateway, and the office set up to send by it while the context lasts."""
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            gateway.taken.append(json.loads(self.rfile.read(length)))
            gateway.headers.append(dict(self.headers))
            time.sleep(gateway.delay)
            try:
                self.send_response(gateway.status)
                self.end_headers()
                self.wfile.write(gateway.answer)
            except OSError:  # the office has hung up
                return

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/send?from=office"
        settings.SMS_KEY = "secret-key"
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
