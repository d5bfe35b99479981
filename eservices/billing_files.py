"""Files for the billing system: lines of CSV, and a file that is whole or not there."""

import csv
import io
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Self


def csv_line(values: Iterable[object]) -> bytes:
    """Return a line of a table as the billing system takes it."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n").writerow(values)
    return out.getvalue().encode()


class WholeFile:
    """A file that stands under its name only once it is whole; its half is removed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        handle, name = tempfile.mkstemp(
            dir=self._path.absolute().parent, prefix=f".{self._path.name}."
        )
        self._half = Path(name)
        self._stream: BinaryIO = os.fdopen(handle, "wb")
        return self

    def write(self, data: bytes, /) -> int:
        """Take some bytes."""
        return self._stream.write(data)

    def keep(self) -> None:
        """Have everything on the disk, still under another name."""
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def finish(self) -> None:
        """Put the file in its place, with the rights of any new file."""
        self.keep()
        mask = os.umask(0)
        os.umask(mask)
        self._half.chmod(0o666 & ~mask)
        self._half.replace(self._path)

    def __exit__(self, *_error: object) -> None:
        self._stream.close()
        self._half.unlink(missing_ok=True)
