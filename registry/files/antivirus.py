"""ClamAV by its own protocol (INSTREAM), when CLAMD_URL names one: tcp://host:port or unix:///path."""

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

CHUNK = 256 * 1024


class ScannerAwayError(Exception):
    """The scanner does not answer; a configured scanner is never skipped silently."""


def is_infected(path: Path, *, clamd_url: str, seconds: float = 60) -> bool:
    """Return whether clamd finds a file infected. Raise ScannerAwayError when it cannot answer."""
    try:
        with _connect(clamd_url, seconds) as link, path.open("rb") as stream:
            link.sendall(b"zINSTREAM\0")
            while chunk := stream.read(CHUNK):
                link.sendall(struct.pack("!I", len(chunk)) + chunk)
            link.sendall(struct.pack("!I", 0))
            answer = b""
            while not answer.endswith(b"\0") and (part := link.recv(4096)):
                answer += part
    except OSError as error:
        raise ScannerAwayError from error
    if b"FOUND" in answer:
        return True
    if b"OK" in answer:
        return False
    raise ScannerAwayError


def _connect(clamd_url: str, seconds: float) -> socket.socket:
    url = urlsplit(clamd_url)
    if url.scheme == "unix":
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(seconds)
        link.connect(url.path)
        return link
    return socket.create_connection((url.hostname or "localhost", url.port or 3310), seconds)
