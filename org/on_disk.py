"""Writing that is on disk when the call returns, and survives a power cut."""

import os
from pathlib import Path


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
