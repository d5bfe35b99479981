"""A backup put back: into an empty office, or into a place aside that is thrown away."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from config.backup import database, keys
from config.backup.making import SNAPSHOTS, Snapshot, name_of, snapshot_names, working_folder
from config.backup.places import Place, PlaceError
from config.backup.sealing import SealError, unseal
from registry.files.receiving import VaultError
from registry.files.vault import get_vault, store
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
        raise RestoreError("there is no backup here")
    if at and at not in names:
        raise RestoreError(f"there is no backup {at} here; the newest is {names[0]}")
    with working_folder() as folder:
        told = json.loads(_fetched(place, f"{SNAPSHOTS}/{at or names[0]}", folder, identities))
    return Snapshot(**told | {"unread_keys": tuple(told["unread_keys"])})


def restore(
    place: Place,
    *,
    identities: Sequence[str] = (),
    at: str = "",
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Restored:
    """Put a snapshot in place of an office without letters; its tables are those of today after it.

    Raise RestoreError, PlaceError, SealError or DumpError: nothing is restored then, but for
    originals, which a second call does not fetch again.
    """
    if _has_letters():
        raise RestoreError("this office has letters: a backup is restored into an empty one")
    found = manifest(place, identities, at=at)
    if found.vendor != connection.vendor:
        raise RestoreError(f"it is of {found.vendor}, and DATABASE_URL names {connection.vendor}")
    with working_folder() as folder:
        _load_database(place, found, folder, identities)
        call_command("migrate", verbosity=0, interactive=False)
        lost = tuple(_missing(place, found, folder, identities, progress))
        keys_in, others = _fetch_keys(place, found, folder, identities)
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
    sealed = plain.with_name("sealed")
    place.get(name, sealed)
    unseal(sealed, plain, identities)
    sealed.unlink()
    return plain


def _load_database(place: Place, found: Snapshot, folder: Path, identities: Sequence[str]) -> None:
    plain = _fetch(place, found.database, folder / "dump", identities)
    with plain.open("rb") as data:
        if hashlib.file_digest(data, "sha256").hexdigest() != found.database_sha256:
            raise RestoreError("the copy of the database is damaged")
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
    rows, vault = StoredFile.objects.order_by("sha256"), get_vault()
    total = rows.count()
    names = rows.values_list("sha256", flat=True)
    for done, sha256 in enumerate(names.iterator(chunk_size=2000), start=1):
        if not vault.has(sha256):
            try:
                name = name_of(sha256, found.names_key)
                with _fetch(place, name, folder / "original", identities).open("rb") as stream:
                    whole = store(stream).sha256 == sha256
            except (PlaceError, SealError, VaultError):
                whole = False
            if not whole:
                yield sha256
        progress(done, total)


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
