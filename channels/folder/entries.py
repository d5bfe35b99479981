"""The contents of the watched folder: files and subfolders, read without following links."""

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

DONE, FAILED = "done", "failed"
MOST_SEEN: Final = 10_000  # entries looked at in one round
MOST_FILES: Final = 1000  # of a subfolder
# Names that programs give to files they are still writing.
_UNFINISHED: Final = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".lock", "~")


@dataclass(frozen=True, slots=True)
class Entry:
    """A letter to be registered: its files in the order of their names.

    `problem` is a code, or "".
    """

    name: str
    files: tuple[Path, ...]
    signature: str
    problem: str = ""

    @property
    def label(self) -> str:
        """Its name as text, whatever bytes it is made of."""
        return plain_name(self.name)[:255]


def plain_name(name: str) -> str:
    """Return a file name as text, with bytes that are not UTF-8 escaped."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def entries_of(folder: Path) -> list[Entry]:
    """Return the folder's present entries, ordered by name.

    Raise OSError where it cannot be read.
    """
    found: list[Entry] = []
    with os.scandir(folder) as rows:
        for count, row in enumerate(rows):
            if count >= MOST_SEEN:
                break
            if row.name in (DONE, FAILED) or not _is_finished(row.name):
                continue
            with suppress(FileNotFoundError):  # deleted meanwhile
                entry = _entry(Path(row.path))
                if entry is not None:
                    found.append(entry)
    return sorted(found, key=lambda entry: entry.name)


def _is_finished(name: str) -> bool:
    return not name.startswith((".", "~")) and not name.lower().endswith(_UNFINISHED)


def _entry(path: Path) -> Entry | None:
    """Return the entry; None for an empty subfolder, or with a file still being written."""
    kind = path.lstat().st_mode
    if stat.S_ISREG(kind):
        return Entry(path.name, (path,), _signature([path]))
    if not stat.S_ISDIR(kind):
        return Entry(path.name, (), _signature([path]), "no_file")
    inside = sorted(path.iterdir())[: MOST_FILES + 1]
    if not all(_is_finished(one.name) or one.name.startswith(".") for one in inside):
        return None
    files = [one for one in inside if not one.name.startswith(".")]
    if not files:
        return None
    plain = all(stat.S_ISREG(one.lstat().st_mode) for one in files)
    problem = "" if plain and len(files) <= MOST_FILES else "no_file"
    return Entry(path.name, tuple(files), _signature(files), problem)


def _signature(files: list[Path]) -> str:
    """Return a signature of names, sizes and times.

    Without the location, so that it stays the same in `failed`.
    """
    digest = hashlib.sha256()
    for path in files:
        seen = path.lstat()
        digest.update(
            f"{path.name}\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode("utf-8", "surrogateescape")
        )
    return digest.hexdigest()


def is_unchanged(entry: Entry) -> bool:
    """Return whether its files are still what they were."""
    try:
        return _signature(list(entry.files)) == entry.signature
    except OSError:
        return False


def open_all(entry: Entry, stack: ExitStack) -> list[BinaryIO] | None:
    """Open its files, never through a link; None while another program holds one of them."""
    opened: list[BinaryIO] = []
    for path in entry.files:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        stream = stack.enter_context(os.fdopen(handle, "rb"))
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        except OSError:  # a file system without locks
            pass
        opened.append(stream)
    return opened


def digests(streams: list[BinaryIO]) -> Iterator[str]:
    """Yield the SHA-256 of each stream, read from the beginning and rewound afterwards."""
    for stream in streams:
        stream.seek(0)
        digest = hashlib.sha256()
        while piece := stream.read(1024 * 1024):
            digest.update(piece)
        yield digest.hexdigest()
        stream.seek(0)
