"""The journal: a line for each leaf, only ever appended to, each linked to the line before.

A line holds the time (microseconds since 1970), the hash of the leaf and the link: SHA-256 over
the link before, the time and the hash. All lines have one length, so that a line is found by its
number.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from signer.words import gettext as _

_TIME: Final = 16  # digits
LINE: Final = _TIME + 1 + 64 + 1 + 64 + 1
FIRST_LINK: Final = "0" * 64
_AT_ONCE: Final = 4096  # lines that are read together


class JournalError(Exception):
    """The journal is not what it was: lines are missing, changed, or another process has it."""


class Line(NamedTuple):
    """One leaf, as the journal knows it."""

    at: int
    leaf: bytes
    link: str

    def __str__(self) -> str:
        """Return the line as it is written."""
        return f"{self.at:0{_TIME}d} {self.leaf.hex()} {self.link}\n"


class Journal:
    """The journal in a file, held by one process at a time."""

    def __init__(self, path: Path) -> None:
        """Open or make the file and drop a torn end. Raise JournalError where another has it."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._file)
            raise JournalError(_("another process holds the journal")) from error
        os.truncate(self._file, self._whole() * LINE)
        self.size = self._whole()

    def append(self, leaves: Sequence[bytes], at: int) -> None:
        """Write the hashes of leaves, and return when they are on the disk; all of them or none.

        Raise JournalError where lines are gone that were there.
        """
        self._drop_unfinished()  # where it could not be dropped when the write failed
        link = self.line(self.size - 1).link if self.size else FIRST_LINK
        lines = []
        for leaf in leaves:
            link = _link(link, at, leaf)
            lines.append(str(Line(at, leaf, link)))
        text = "".join(lines).encode()
        try:
            while text:
                text = text[os.write(self._file, text) :]
            os.fsync(self._file)
        except OSError:
            self._drop_unfinished()
            raise
        self.size += len(lines)

    def line(self, index: int) -> Line:
        """Return one line. Raise JournalError where it cannot be read."""
        return _read(os.pread(self._file, LINE, index * LINE), index)

    def lines(self, first: int = 0) -> Iterator[Line]:
        """Yield the lines from `first` on."""
        for start in range(first, self.size, _AT_ONCE):
            text = os.pread(self._file, _AT_ONCE * LINE, start * LINE)
            for at in range(0, len(text), LINE):
                yield _read(text[at : at + LINE], start + at // LINE)

    def drop_torn(self, kept: int) -> None:
        """Cut off what follows the first unreadable line; `kept` lines were answered for.

        Raise JournalError where one of those is missing or changed: a journal never shrinks.
        """
        if self.size < kept:
            words = _("the journal has %(left)d lines left of %(kept)d that were signed")
            raise JournalError(words % {"left": self.size, "kept": kept})
        good = kept
        link = self.line(kept - 1).link if kept else FIRST_LINK
        try:
            for line in self.lines(kept):
                if line.link != _link(link, line.at, line.leaf):
                    break
                link, good = line.link, good + 1
        except JournalError:  # what a crash left of a line that nobody was told of
            pass
        os.truncate(self._file, good * LINE)
        self.size = good

    def check(self) -> None:
        """Raise JournalError at the first line whose link or time does not follow."""
        link, at = FIRST_LINK, 0
        for index, line in enumerate(self.lines()):
            if line.link != _link(link, line.at, line.leaf) or line.at < at:
                words = _("line %(index)d of the journal does not follow from the line before it")
                raise JournalError(words % {"index": index})
            link, at = line.link, line.at

    def close(self) -> None:
        """Close the file, which lets another process have it."""
        os.close(self._file)

    def _drop_unfinished(self) -> None:
        """Cut off what a write that failed left after the last line."""
        if self._whole() < self.size:
            words = _("the journal has %(left)d lines left of %(kept)d that were signed")
            raise JournalError(words % {"left": self._whole(), "kept": self.size})
        os.truncate(self._file, self.size * LINE)

    def _whole(self) -> int:
        return os.fstat(self._file).st_size // LINE


def _link(before: str, at: int, leaf: bytes) -> str:
    return hashlib.sha256(f"{before}{at:0{_TIME}d}{leaf.hex()}".encode()).hexdigest()


def _read(text: bytes, index: int) -> Line:
    try:
        at, leaf, link = text.decode("ascii").rstrip("\n").split(" ")
        line = Line(int(at), bytes.fromhex(leaf), link)
        if str(line).encode() != text:
            raise ValueError(text)
    except ValueError as error:
        words = _("line %(index)d of the journal cannot be read")
        raise JournalError(words % {"index": index}) from error
    return line
