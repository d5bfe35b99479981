"""Reception of bytes for the vault: copied and hashed in a private file first."""

import errno
import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from jobs.errors import ServiceError

CHUNK = 1024 * 1024


class VaultError(ServiceError):
    """The vault cannot take or give the bytes.

    `code` is full, away, missing, unlocked (a bucket that locks nothing), locked (a file that the
    store deletes for nobody `until` then, None where it does not say), or refused (the store does
    not delete it for us, and does not say why).
    """

    job_code = "vault"

    def __init__(self, code: str, *, until: datetime | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.until = until
        self.waits = code in {"away", "full"}

    @property
    def refusal(self) -> str:
        """The code of the refusal of a deposit whose files the vault does not take."""
        return "vault_full" if self.code == "full" else "vault_away"


class TooLargeError(Exception):
    """The stream is longer than allowed; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Where the bytes are: SHA-256 in hexadecimal, size in bytes."""

    sha256: str
    size: int


class Incoming:
    """Bytes copied and hashed in a private file, not yet in the vault under their name."""

    def __init__(self, path: Path, stored: Stored) -> None:
        self.path = path
        self.stored = stored

    def discard(self) -> None:
        """Delete them; harmless when they have moved into the vault."""
        self.path.unlink(missing_ok=True)


class Vault(Protocol):
    """A vault. keep: under the name of the hash, once. open: a stream, from a byte on.

    has: is it there. delete: all that is under the name, harmless to repeat; only
    `registry.disposal` calls it.
    """

    def keep(self, incoming: Incoming) -> Stored: ...

    def open(self, sha256: str, start: int = 0) -> BinaryIO: ...

    def has(self, sha256: str) -> bool: ...

    def delete(self, sha256: str) -> None: ...


def receive(stream: BinaryIO, *, limit: int | None = None) -> Incoming:
    """Copy a stream to a private file, hashing while copying; never whole in memory.

    `limit` in bytes. Raise TooLargeError as soon as it is passed, VaultError("full") on a full
    disk.
    """
    folder = settings.DATA_DIR / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle, name = tempfile.mkstemp(dir=folder)
    except OSError as error:
        raise as_vault_error(error) from error
    path = Path(name)
    size, sha = 0, hashlib.sha256()
    try:
        with os.fdopen(handle, "wb") as target:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if limit is not None and size > limit:
                    raise TooLargeError
                sha.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise as_vault_error(error) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Incoming(path, Stored(sha.hexdigest(), size))


def sha256_of(stream: BinaryIO) -> str:
    """Return the SHA-256 of what is left of the stream, in hexadecimal; never whole in memory."""
    sha = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        sha.update(chunk)
    return sha.hexdigest()


def as_vault_error(error: OSError) -> Exception:
    """Return a VaultError for an error of the operating system: full, or away."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return VaultError("full" if full else "away")
