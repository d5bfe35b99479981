"""Originals: named by their SHA-256, written once, mode 0444, never overwritten.

Two backends, one interface: files under DATA_DIR, or object storage (VAULT_URL).
"""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from django.conf import settings

from org.durable_files import sync_folder
from registry.files.receiving import (
    CHUNK,
    Incoming,
    Stored,
    Vault,
    VaultError,
    as_vault_error,
    receive,
    sha256_of,
)


class FileVault:
    """Files under a folder, two levels of two hexadecimal digits deep."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, sha256: str) -> Path:
        """Return the path where the bytes of this name are or will be."""
        if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
            raise VaultError("missing")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def keep(self, incoming: Incoming) -> Stored:
        """Hard-link into place: atomic, and a second arrival of the same bytes is the first."""
        target = self.path_of(incoming.stored.sha256)
        try:
            _make_folder(target.parent)
            incoming.path.chmod(0o444)
            try:
                os.link(incoming.path, target)
            except FileExistsError:
                pass
            except OSError as error:
                if error.errno not in {errno.EXDEV, errno.EPERM, errno.ENOTSUP}:
                    raise
                os.replace(incoming.path, target)  # a file system without hard links
            sync_folder(target.parent)
        except OSError as error:
            raise as_vault_error(error) from error
        incoming.discard()
        return incoming.stored

    def open(self, sha256: str, start: int = 0) -> BinaryIO:
        """Return a stream of the bytes, from one of them on.

        Raise VaultError missing (not there) or away. Without the folder itself (an
        unmounted disk) nothing is known of what lies in it.
        """
        try:
            stream = self.path_of(sha256).open("rb")
            if start:
                stream.seek(start)
            return stream
        except FileNotFoundError as error:
            raise VaultError("missing" if self.root.is_dir() else "away") from error
        except OSError as error:
            raise as_vault_error(error) from error

    def has(self, sha256: str) -> bool:
        """Return whether the bytes are there."""
        return self.path_of(sha256).is_file()

    def delete(self, sha256: str) -> None:
        """Remove the bytes, and have the folder on disk without them. Raise VaultError("away")."""
        path = self.path_of(sha256)
        try:
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                sync_folder(path.parent)
        except OSError as error:
            raise VaultError("away") from error


def _make_folder(folder: Path) -> None:
    """Make the folder and its parents, each one's name on disk before anything is put into it."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


@cache
def get_vault() -> Vault:
    """Return the vault of VAULT_URL (s3://… or file:///folder), or files in DATA_DIR/vault."""
    if not settings.VAULT_URL:
        return FileVault(settings.DATA_DIR / "vault")
    if settings.VAULT_URL.startswith("file:"):
        return FileVault(Path(unquote(urlsplit(settings.VAULT_URL).path)))
    from registry.files.vault_s3 import ObjectVault

    return ObjectVault.from_url(settings.VAULT_URL)


# A forked process that spoke on its parent's connection would get the other's answers.
os.register_at_fork(after_in_child=get_vault.cache_clear)


def store(stream: BinaryIO, *, limit: int | None = None) -> Stored:
    """Receive and keep in one step: for what the office itself makes (receipts, book pages)."""
    incoming = receive(stream, limit=limit)
    try:
        return get_vault().keep(incoming)
    finally:
        incoming.discard()


@contextlib.contextmanager
def _spooled(sha256: str) -> Iterator[Path]:
    folder = settings.DATA_DIR / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder) as copy, get_vault().open(sha256) as source:
        try:
            shutil.copyfileobj(source, copy, CHUNK)
            copy.flush()
        except OSError as error:  # no room for the copy
            raise as_vault_error(error) from error
        yield Path(copy.name)


def open_path(sha256: str) -> AbstractContextManager[Path]:
    """Return a readable path to the bytes for the context (a copy, where they are elsewhere)."""
    vault = get_vault()
    if isinstance(vault, FileVault):
        vault.open(sha256).close()
        return contextlib.nullcontext(vault.path_of(sha256))
    return _spooled(sha256)


def hash_of(sha256: str) -> str:
    """Return the SHA-256 of what is now under this name; "" when nothing is.

    Raise VaultError where it cannot be read.
    """
    try:
        with get_vault().open(sha256) as stream:
            return sha256_of(stream)
    except VaultError as error:
        if error.code == "missing":
            return ""
        raise
    except OSError as error:  # a disk that gives no bytes
        raise VaultError("away") from error
