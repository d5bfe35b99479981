"""The digest by which a mail is recognised: never its UID, which a server may reassign."""

import hashlib
from pathlib import Path
from typing import BinaryIO, Final

from channels.mailbox.headers import Mail
from registry.deposit_keys import channel_key

_SAID: Final = ("Message-ID", "From", "Date", "Subject", "To", "Cc")
_PIECE: Final = 1024 * 1024


def digest_of(path: Path, mail: Mail) -> str:
    """Return one digest for the same mail by whatever route it came: sender's headers and body.

    Trace headers (Received, Return-Path) are left out, so that a mail delivered twice is one.
    Devices that give every mail the same Message-ID still differ by body or date. A mail without
    Message-ID is identified by every byte.
    """
    digest = hashlib.sha256()
    whole = not mail.get("Message-ID")
    if not whole:
        for name in _SAID:
            digest.update(f"{name}:{mail.get(name, '')}\n".encode(errors="surrogatepass"))
    with path.open("rb") as stream:
        if not whole:
            _skip_head(stream)
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _skip_head(stream: BinaryIO) -> None:
    """Read up to the first empty line."""
    while line := stream.readline(_PIECE):
        if not line.strip(b"\r\n"):
            return


def deposit_key_of(digest: str) -> str:
    """Return the key under which intake registers the mail once."""
    return channel_key(None, "channels.mailbox", digest)
