"""Whoever keeps checkpoints outside, played by small servers: a timestamp authority, a witness."""

import base64
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signer.merkle import is_consistent
from signer.note import COSIGNATURE, VerifierKey, read_checkpoint, read_note, signed, verified

Answer = Callable[[bytes], tuple[int, bytes]]
_CONFIG = """
[tsa]
dir = .
serial = ./serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
"""


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """The address of a server that answers each POST by a function of its body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, said = answer(body)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", said.decode())
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Authority:
    """A timestamp authority by openssl, with a root that signed its certificate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "tsa.cnf").write_text(_CONFIG)
        (folder / "serial").write_text("01")
        usage = "extendedKeyUsage=critical,timeStamping"
        new = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self._run("req", *new, "-subj", "/CN=Root", "-keyout", "root.key", "-out", "root.pem")
        issued = ("-CA", "root.pem", "-CAkey", "root.key", "-addext", usage)
        self._run(
            "req", *new, "-subj", "/CN=Time", *issued, "-keyout", "tsa.key", "-out", "tsa.pem"
        )

    @property
    def roots(self) -> Path:
        """The file of its root certificate."""
        return self.folder / "root.pem"

    def answer(self, body: bytes) -> tuple[int, bytes]:
        """Stamp a request."""
        (self.folder / "query").write_bytes(body)
        key = ("-signer", "tsa.pem", "-inkey", "tsa.key")
        config = ("-config", "tsa.cnf", "-section", "tsa")
        self._run("ts", "-reply", "-queryfile", "query", *key, *config, "-out", "reply")
        return 200, (self.folder / "reply").read_bytes()

    def _run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)


class Witness:
    """A witness of the protocol tlog-witness, which knows one log."""

    def __init__(self, log: VerifierKey) -> None:
        self._log, self._key = log, Ed25519PrivateKey.generate()
        public = self._key.public_key().public_bytes_raw()
        self.key = VerifierKey("witness.example", public, COSIGNATURE)
        self.size, self.root = 0, b""

    def answer(self, body: bytes) -> tuple[int, bytes]:
        """Cosign a checkpoint that follows the one that was cosigned last."""
        head, _, note = body.decode().partition("\n\n")
        first, *proof = head.split("\n")
        told = read_checkpoint(note)
        if self._log not in verified(read_note(note), [self._log]):
            return 403, b""
        old = int(first.removeprefix("old "))
        if old != self.size:
            return 409, f"{self.size}\n".encode()
        steps = [base64.b64decode(step) for step in proof]
        if old and not is_consistent(old, told.size, self.root, told.root, steps):
            return 422, b""
        self.size, self.root = told.size, told.root
        at = int(time.time())
        return 200, f"{signed(told.text, self.key, self._key.sign, at=at)}\n".encode()
