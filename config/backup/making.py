"""One backup: first the database, then the originals that the place lacks, the manifest last."""

import fcntl
import hashlib
import json
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from config.backup import database, keys
from config.backup.encryption import encrypt
from config.backup.originals import in_vault, named_by_part
from config.backup.places import Place, PlaceError
from org.keys import lasting_digest
from registry.files.receiving import sha256_of
from registry.files.vault import get_vault
from registry.models.files import StoredFile
from registry.models.letters import Letter

SNAPSHOTS: Final = "snapshots"
VERSION: Final = 1
Progress = Callable[[int, int], None]  # originals looked at, of how many


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a manifest says: a moment of the office and the files that hold it."""

    id: str
    began_at: str  # ISO 8601; nothing accepted later is in it
    made_at: str
    vendor: str  # of the database: "sqlite", "postgresql"
    letters: int
    originals: int
    original_bytes: int
    copied: int  # originals that the place did not have
    missing: tuple[str, ...]  # originals that a row names and the vault did not have
    database: str  # name of the dump
    database_sha256: str  # of the dump before it was encrypted
    keys: str  # name of the packed keys; "" where nothing is encrypted
    unread_keys: tuple[str, ...]
    names_key: str  # by which names of encrypted originals are drawn; "" where nothing is encrypted
    version: int = VERSION


def make_backup(
    place: Place, *, recipients: Sequence[str] = (), progress: Progress = lambda _done, _of: None
) -> Snapshot:
    """Back the office up while people work in it, also one whose tables are of an older version.

    Without recipients nothing is encrypted, and keys are left out. Raise PlaceError,
    EncryptionError, DumpError or VaultError; what was copied by then is not copied again.
    """
    began = timezone.now()
    name = f"{began:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"
    with working_folder() as folder:
        letters, sha256 = Letter.objects.count(), _put_database(place, name, folder, recipients)
        kept, unread = _put_keys(place, name, folder, recipients)
        # Of the recipients, so that originals encrypted for others are copied again.
        names_key = lasting_digest("backup", " ".join(sorted(recipients))) if recipients else ""
        count = _put_originals(place, folder, recipients, names_key, progress)
        snapshot = Snapshot(
            id=name,
            began_at=began.isoformat(),
            made_at=timezone.now().isoformat(),
            vendor=connection.vendor,
            letters=letters,
            database=f"databases/{name}",
            database_sha256=sha256,
            keys=kept,
            unread_keys=tuple(unread),
            names_key=names_key,
            **count,
        )
        plain = folder / "manifest"
        plain.write_text(json.dumps(asdict(snapshot), indent=1))
        _put(place, f"{SNAPSHOTS}/{name}", plain, recipients)
    return snapshot


@contextmanager
def working_folder() -> Iterator[Path]:
    """Give a folder in DATA_DIR for what is between the office and a place; removed afterwards.

    One at a time: what a killed one left behind is removed first. Raise PlaceError.
    """
    root = working_root()
    with (root / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise PlaceError(_("another backup or restore is under way")) from error
        for left in root.glob("tmp*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=root) as folder:
            yield Path(folder)


def working_root() -> Path:
    """Return the folder of backups in DATA_DIR, made where it is missing."""
    root = Path(settings.DATA_DIR) / "backup"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root


def _put(place: Place, name: str, plain: Path, recipients: Sequence[str]) -> None:
    encrypted = plain.with_name("encrypted")
    encrypt(plain, encrypted, recipients)
    place.put(name, encrypted)
    plain.unlink()
    encrypted.unlink()


def _put_database(place: Place, name: str, folder: Path, recipients: Sequence[str]) -> str:
    plain = folder / "dump"
    database.dump(plain)
    with plain.open("rb") as data:
        sha256 = sha256_of(data)
    _put(place, f"databases/{name}", plain, recipients)
    return sha256


def _put_keys(
    place: Place, name: str, folder: Path, recipients: Sequence[str]
) -> tuple[str, list[str]]:
    if not recipients:
        return "", []
    plain = folder / "keys"
    unread = keys.pack(plain)
    _put(place, f"keys/{name}", plain, recipients)
    return f"keys/{name}", unread


def name_of(sha256: str, names_key: str) -> str:
    """Return the name of an original in a place; encrypted ones do not show what they are."""
    digest = hashlib.sha256(f"{names_key}:{sha256}".encode()).hexdigest() if names_key else sha256
    return f"originals/{sha256[:2]}/{digest}"


def _put_originals(
    place: Place, folder: Path, recipients: Sequence[str], names_key: str, progress: Progress
) -> dict[str, Any]:
    total, done, copied, size = StoredFile.objects.count(), 0, 0, 0
    missing: list[str] = []
    for part, named in named_by_part():
        there = set(place.names(f"originals/{part}"))
        for sha256, bytes_, must in named:
            name = name_of(sha256, names_key)
            if name not in there:
                if not in_vault(sha256):
                    missing += [sha256] if must else []
                    continue
                _put_original(place, name, sha256, folder, recipients)
                copied += 1
            done, size = done + 1, size + bytes_
            progress(done, max(total, done))
    return {
        "originals": done,
        "original_bytes": size,
        "copied": copied,
        "missing": tuple(missing),
    }


def _put_original(
    place: Place, name: str, sha256: str, folder: Path, recipients: Sequence[str]
) -> None:
    plain = folder / "original"
    with get_vault().open(sha256) as source, plain.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
    _put(place, name, plain, recipients)


def snapshot_names(place: Place) -> list[str]:
    """Return the snapshots of a place, the newest first."""
    return sorted((name.rpartition("/")[2] for name in place.names(SNAPSHOTS)), reverse=True)


def forget(place: Place, *, keep: int) -> list[str]:
    """Remove all snapshots but the newest; originals stay, as they do in the register."""
    old = snapshot_names(place)[keep:]
    for name in old:
        place.remove(f"{SNAPSHOTS}/{name}")
        place.remove(f"databases/{name}")
        place.remove(f"keys/{name}")
    return old


def moment(snapshot: Snapshot) -> datetime:
    """Return the moment up to which a snapshot holds everything."""
    return datetime.fromisoformat(snapshot.began_at)
