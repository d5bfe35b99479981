"""The keys that a backup holds besides database and originals."""

import io
import json
import os
import tarfile
from pathlib import Path, PurePosixPath
from typing import Final

from django.conf import settings

from config import env

SETTINGS: Final = "settings.json"
# Variables whose loss loses codes on paper, sealed secrets or signatures.
NAMES: Final = ("SECRET_KEY", "OLD_SECRET_KEYS", "TRACKING_KEY", "SIGNING_KEY_PASSWORD")


def kept_settings() -> dict[str, str]:
    """Return the variables that are kept, those that are set."""
    return {name: text for name in NAMES if (text := env.text(name))}


def key_files() -> dict[str, Path]:
    """Return files and folders with keys, by the names that they have in a backup.

    Not the signer's: its folder is backed up apart, and never put back in an older state.
    """
    found = {
        "signing_key": Path(settings.SIGNING_KEY_FILE or ""),
        "signing_keys": Path(settings.SIGNING_KEYS_DIR or ""),
    }
    return {name: path for name, path in found.items() if path.name and path.exists()}


def pack(path: Path) -> list[str]:
    """Write them into a tar file; return the names of those that this process may not read.

    A link (as clusters mount their secrets) is followed: the key is kept, not where it lay.
    """
    unread = []
    with tarfile.open(path, "w", dereference=True) as packed:
        data = json.dumps(kept_settings(), indent=1).encode()
        info = tarfile.TarInfo(SETTINGS)
        info.size, info.mode = len(data), 0o600
        packed.addfile(info, io.BytesIO(data))
        for name, source in key_files().items():
            if os.access(source, os.R_OK):
                packed.add(source, arcname=name)
            else:
                unread.append(name)
    return unread


def unpack(path: Path, folder: Path) -> list[str]:
    """Write them into a folder of their own, and return variables that this office has otherwise.

    They are put in place by a person: the office's settings come from outside. Raise
    tarfile.TarError for anything but files and folders below that folder.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tarfile.open(path) as packed:
        packed.extraction_filter = _as_it_is  # 3.14 has another default, 3.11.2 has none
        packed.extractall(folder, members=_checked(packed))  # noqa: S202
    kept: dict[str, str] = json.loads((folder / SETTINGS).read_text())
    return [name for name, text in kept.items() if env.text(name) != text]


def _checked(packed: tarfile.TarFile) -> list[tarfile.TarInfo]:
    """Return all members, each for its user alone. Raise TarError.

    `filter="data"`, which does so too, is not in every Python 3.11.
    """
    members = packed.getmembers()
    for one in members:
        name = PurePosixPath(one.name)
        if not (one.isreg() or one.isdir()) or name.is_absolute() or ".." in name.parts:
            raise tarfile.ExtractError(one.name)
        one.mode = 0o700 if one.isdir() else 0o600
        one.uid, one.gid, one.uname, one.gname = os.getuid(), os.getgid(), "", ""
    return members


def _as_it_is(member: tarfile.TarInfo, _path: str) -> tarfile.TarInfo:
    return member
