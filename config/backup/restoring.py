"""A backup put back: into an empty office, or into a place aside that is thrown away."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from config.backup import database, keys
from config.backup.encryption import EncryptionError, decrypt
from config.backup.making import (
    SNAPSHOTS,
    Snapshot,
    name_of,
    snapshot_names,
    working_folder,
    working_root,
)
from config.backup.originals import in_vault, named_by_part
from config.backup.places import MissingError, Place
from registry.files.receiving import sha256_of
from registry.files.vault import store
from registry.models.files import StoredFile
from registry.models.letters import Letter


class RestoreError(Exception):
    """It is not restored; the message says why."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back; `lost`: originals that the place does not hold or holds damaged."""

    snapshot: Snapshot
    letters: int
    originals: int
    lost: tuple[str, ...]
    keys_in: str
    other_settings: tuple[str, ...]


def manifest(place: Place, identities: Sequence[str], *, at: str = "") -> Snapshot:
    """Return the newest snapshot, or that of this name. Raise RestoreError where there is none."""
    names = snapshot_names(place)
    if not names:
        raise RestoreError(_("there is no backup here"))
    if at and at not in names:
        words = _("there is no backup %(name)s here; the newest is %(newest)s")
        raise RestoreError(words % {"name": at, "newest": names[0]})
    with working_folder() as folder:
        told = json.loads(_fetched(place, f"{SNAPSHOTS}/{at or names[0]}", folder, identities))
    tuples = {name: tuple(told[name]) for name in ("unread_keys", "missing")}
    return Snapshot(**told | tuples)


def restore(
    place: Place,
    *,
    identities: Sequence[str] = (),
    at: str = "",
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Restored:
    """Put a snapshot in place of an office without letters; its tables are those of today after it.

    Raise RestoreError, PlaceError, EncryptionError, DumpError or VaultError. A second call for the
    same snapshot goes on where the first ended.
    """
    found = manifest(place, identities, at=at)
    begun = working_root() / "restoring"  # names the snapshot whose database is in place already
    goes_on = begun.exists() and begun.read_text() == found.id
    if _has_letters() and not goes_on:
        raise RestoreError(_("this office has letters: a backup is restored into an empty one"))
    if found.vendor != connection.vendor:
        words = _("it is of %(kind)s, and DATABASE_URL names %(other)s")
        raise RestoreError(words % {"kind": found.vendor, "other": connection.vendor})
    with working_folder() as folder:
        if not goes_on:
            begun.unlink(missing_ok=True)
            _load_database(place, found, folder, identities)
            begun.write_text(found.id)
        call_command("migrate", verbosity=0, interactive=False)
        lost = tuple(_missing(place, found, folder, identities, progress))
        keys_in, others = _fetch_keys(place, found, folder, identities)
    if not lost:
        begun.unlink()
    return Restored(
        snapshot=found,
        letters=Letter.objects.count(),
        originals=StoredFile.objects.count() - len(lost),
        lost=lost,
        keys_in=keys_in,
        other_settings=tuple(others),
    )


def _has_letters() -> bool:
    try:
        return Letter.objects.exists()
    except DatabaseError:  # no tables yet
        return False


def _fetched(place: Place, name: str, folder: Path, identities: Sequence[str]) -> bytes:
    return _fetch(place, name, folder / "plain", identities).read_bytes()


def _fetch(place: Place, name: str, plain: Path, identities: Sequence[str]) -> Path:
    encrypted = plain.with_name("encrypted")
    place.get(name, encrypted)
    decrypt(encrypted, plain, identities)
    encrypted.unlink()
    return plain


def _load_database(place: Place, found: Snapshot, folder: Path, identities: Sequence[str]) -> None:
    plain = _fetch(place, found.database, folder / "dump", identities)
    with plain.open("rb") as data:
        if sha256_of(data) != found.database_sha256:
            raise RestoreError(_("the copy of the database is damaged"))
    database.load(plain)
    plain.unlink()


def _missing(
    place: Place,
    found: Snapshot,
    folder: Path,
    identities: Sequence[str],
    progress: Callable[[int, int], None],
) -> Iterator[str]:
    """Fetch the originals that the vault lacks; yield those that did not come back whole."""
    total, done = StoredFile.objects.count(), 0
    for _part, named in named_by_part():
        for sha256, _size, must in named:
            if not in_vault(sha256) and not _fetched_whole(
                place, found, sha256, folder, identities
            ):
                if must:
                    yield sha256
                continue
            done += 1
            progress(done, max(total, done))


def _fetched_whole(
    place: Place, found: Snapshot, sha256: str, folder: Path, identities: Sequence[str]
) -> bool:
    try:
        plain = _fetch(place, name_of(sha256, found.names_key), folder / "original", identities)
    except (MissingError, EncryptionError):
        return False
    with plain.open("rb") as stream:
        return store(stream).sha256 == sha256


def _fetch_keys(
    place: Place, found: Snapshot, folder: Path, identities: Sequence[str]
) -> tuple[str, list[str]]:
    if not found.keys:
        return "", []
    plain = _fetch(place, found.keys, folder / "keys", identities)
    target = Path(settings.DATA_DIR) / f"restored-{found.id}"
    return str(target), keys.unpack(plain, target)


def as_json(done: Restored, *, seconds: float) -> dict[str, Any]:
    """Return what came back, for programs."""
    return {
        "snapshot": done.snapshot.id,
        "began_at": done.snapshot.began_at,
        "letters": done.letters,
        "letters_then": done.snapshot.letters,
        "originals": done.originals,
        "lost": list(done.lost),
        "keys_in": done.keys_in,
        "other_settings": list(done.other_settings),
        "seconds": round(seconds, 1),
    }
