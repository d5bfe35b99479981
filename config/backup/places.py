"""Where backups lie: a folder, a folder on an SFTP server, or a bucket of object storage.

A place takes a file whole or not at all: what stands under a name is complete.
"""

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.translation import gettext as _

from config.backup.words import place_words, store_code
from org.file_errors import file_error

PART: Final = ".part"
_ABSENT: Final = {"404", "NoSuchKey", "FileNotFoundError"}


class PlaceError(Exception):
    """The place cannot be reached, read or written; the message says which."""


class MissingError(PlaceError):
    """Nothing stands under this name."""


class Place(Protocol):
    """Files under names with slashes."""

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names below a folder that hold whole files; none where it is missing."""

    def put(self, name: str, path: Path) -> None:
        """Keep a copy of the file under the name. Raise PlaceError."""

    def get(self, name: str, path: Path) -> None:
        """Write what stands under the name into the file. Raise PlaceError, also where missing."""

    def remove(self, name: str) -> None:
        """Remove what stands under the name; nothing where it is missing."""


def place_of(url: str) -> Place:
    """Return the place of an address.

    /folder, file:///folder, sftp://user@host[:port]/folder?key=FILE&known_hosts=FILE, or s3://… as
    in VAULT_URL. Raise PlaceError for any other.
    """
    try:
        parts = urlsplit(url)
        readable = parts.port != 0
    except ValueError:  # a port of no number, or half an IPv6 address
        readable = False
    if not readable:
        raise PlaceError(_("the port of the address is not a number from 1 to 65535"))
    if parts.scheme in ("", "file") and not parts.netloc and parts.path:
        return FolderPlace(Path(unquote(parts.path)).absolute())
    if parts.scheme == "s3" and parts.netloc:
        return BucketPlace(url)
    if parts.scheme == "sftp" and parts.hostname:
        return SftpPlace(url)
    raise PlaceError(_("a backup goes to /folder, sftp://user@host/folder or s3://…"))


class FolderPlace:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self, folder: str) -> Iterator[str]:
        """Yield the files below, walked folder by folder."""
        for path, _folders, files in os.walk(self.root / folder):
            at = Path(path).relative_to(self.root)
            yield from (str(at / name) for name in files if not name.endswith(PART))

    def put(self, name: str, path: Path) -> None:
        """Copy, on disk before it is renamed into place."""
        target = self.root / name
        part = target.with_name(target.name + PART)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with path.open("rb") as source, part.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
            part.replace(target)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            raise PlaceError(f"{error.filename or target}: {file_error(error)}") from error

    def get(self, name: str, path: Path) -> None:
        """Copy it out."""
        try:
            shutil.copyfile(self.root / name, path)
        except FileNotFoundError as error:
            raise MissingError(f"{name}: {file_error(error)}") from error
        except OSError as error:
            raise PlaceError(f"{error.filename or name}: {file_error(error)}") from error

    def remove(self, name: str) -> None:
        """Remove it."""
        (self.root / name).unlink(missing_ok=True)


class BucketPlace:
    """A bucket, by the client of the vault."""

    def __init__(self, url: str) -> None:
        from registry.files.vault_s3 import ObjectVault

        vault = ObjectVault.from_url(url)
        self.client, self.bucket = vault.client, vault.bucket

    def names(self, folder: str) -> Iterator[str]:
        """Yield the keys below, page by page."""
        pages = self.client.get_paginator("list_objects_v2")
        with _place_errors(_("the bucket")):
            for page in pages.paginate(Bucket=self.bucket, Prefix=f"{folder}/"):
                yield from (one["Key"] for one in page.get("Contents", ()))

    def put(self, name: str, path: Path) -> None:
        """Upload; an object is there whole or not at all."""
        with _place_errors(name):
            checked = {"ChecksumAlgorithm": "SHA256"}
            try:
                self.client.upload_file(str(path), self.bucket, name, ExtraArgs=checked)
            except OSError:  # it hung up, as some do at once where there is no such bucket
                next(iter(self.names("databases")), None)  # which tells it
                raise

    def get(self, name: str, path: Path) -> None:
        """Download it."""
        with _place_errors(name):
            self.client.download_file(self.bucket, name, str(path))

    def remove(self, name: str) -> None:
        """Remove it; a locked one stays until its time is over."""
        with _place_errors(name):
            self.client.delete_object(Bucket=self.bucket, Key=name)


class SftpPlace:
    """A folder on an SFTP server whose host key is known already."""

    def __init__(self, url: str) -> None:
        import paramiko

        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.root = PurePosixPath(unquote(parts.path) or "/")
        for file in query.get("key"), query.get("known_hosts"):
            _open_for_reading(file)
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        with _place_errors(parts.hostname or ""), contextlib.ExitStack() as unless_open:
            unless_open.callback(client.close)
            if "known_hosts" in query:
                client.load_host_keys(query["known_hosts"])
            else:
                client.load_system_host_keys()
            client.connect(
                parts.hostname or "",
                port=parts.port or 22,
                username=unquote(parts.username) if parts.username else None,
                password=unquote(parts.password) if parts.password else None,
                key_filename=query.get("key"),
                timeout=20,
                banner_timeout=20,
                auth_timeout=20,
            )
            self.client, self.files = client, client.open_sftp()
            unless_open.pop_all()

    def names(self, folder: str) -> Iterator[str]:
        """Yield the files below, folder by folder."""
        with _place_errors(folder):
            try:
                entries = self.files.listdir_attr(str(self.root / folder))
            except FileNotFoundError:
                return
        for entry in entries:
            name = f"{folder}/{entry.filename}"
            if stat.S_ISDIR(entry.st_mode or 0):
                yield from self.names(name)
            elif not name.endswith(PART):
                yield name

    def put(self, name: str, path: Path) -> None:
        """Upload beside, compare the size, and rename into place."""
        target = self.root / name
        with _place_errors(name):
            self._make(target.parent)
            self.files.put(str(path), f"{target}{PART}", confirm=True)
            self.files.posix_rename(f"{target}{PART}", str(target))

    def get(self, name: str, path: Path) -> None:
        """Download it."""
        with _place_errors(name):
            self.files.get(str(self.root / name), str(path))

    def remove(self, name: str) -> None:
        """Remove it."""
        with _place_errors(name), contextlib.suppress(FileNotFoundError):
            self.files.remove(str(self.root / name))

    def _make(self, folder: PurePosixPath) -> None:
        try:
            self.files.stat(str(folder))
        except FileNotFoundError:
            self._make(folder.parent)
            with contextlib.suppress(OSError):  # made by another backup meanwhile
                self.files.mkdir(str(folder), 0o700)


def _open_for_reading(file: str | None) -> None:
    """Raise PlaceError for a file of the address that cannot be read."""
    try:
        with Path(file or os.devnull).open("rb"):
            return
    except OSError as error:
        raise PlaceError(f"{file}: {file_error(error)}") from error


@contextlib.contextmanager
def _place_errors(what: str) -> Iterator[None]:
    """Raise PlaceError for what a client raises; no address or password is repeated."""
    try:
        yield
    except PlaceError:
        raise
    except Exception as error:
        if (store_code(error) or type(error).__name__) in _ABSENT:
            words = file_error(FileNotFoundError(errno.ENOENT, ""))
            raise MissingError(f"{what}: {words}") from error
        raise PlaceError(f"{what}: {place_words(error)}") from error
