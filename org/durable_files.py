"""Files among processes: what is on disk when a call returns, and whose a lock is."""

import fcntl
import os
import time
from pathlib import Path
from typing import IO, Any, Final

_LOOK_AGAIN: Final = 0.01  # seconds; then twice as long each time, up to
_LOOK_AGAIN_AT_MOST: Final = 0.1


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to disk: those of files just made, renamed or removed in it.

    Raise OSError.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, text: str) -> None:
    """Replace a file by this text, on disk: whoever reads it finds the old text or the new one.

    The new name itself is on disk once the folder is synced.
    """
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(path)


def take_lock(file: IO[Any], *, until: float | None) -> bool:
    """Lock an open file among all processes, until it is closed or its process ends.

    Return False where another holds it still at `until`, a moment of `time.monotonic`; None waits
    however long it takes.
    """
    if until is None:
        fcntl.flock(file, fcntl.LOCK_EX)
        return True
    pause = _LOOK_AGAIN
    while not _locked(file):
        if time.monotonic() >= until:
            return False
        time.sleep(pause)
        pause = min(2 * pause, _LOOK_AGAIN_AT_MOST)
    return True


def _locked(file: IO[Any]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
