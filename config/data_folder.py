"""DATA_DIR is its user's alone: what is made there is, and what older versions left is closed."""

import os
from pathlib import Path
from typing import Final

UMASK: Final = 0o077  # set in config.settings, for every process of the office
PASSED_THROUGH: Final = 0o711  # DATA_DIR itself: processes of other users reach a folder of theirs


def close_to_others(folder: Path) -> list[Path]:
    """Take all rights of other users from what lies in the folder; return what was open.

    One level deep: what lies in a closed folder cannot be reached. Entries of other users are
    left alone, symbolic links too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    opened = []
    me = os.geteuid()
    if folder.stat().st_uid == me and folder.stat().st_mode & 0o066:
        folder.chmod(PASSED_THROUGH)
    for entry in sorted(folder.iterdir()):
        found = entry.lstat()
        if not entry.is_symlink() and found.st_uid == me and found.st_mode & UMASK:
            entry.chmod(found.st_mode & 0o700)
            opened.append(entry)
    return opened
