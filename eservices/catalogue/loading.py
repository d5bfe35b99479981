"""The service types that ship, as TOML files: loaded by set-up, then the office's own."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import (
    digest_of,
    is_live,
    keep_version,
    publish,
    withdraw,
)
from org.models import User

FOLDER: Final = Path(__file__).resolve().parent / "types"
DISTRIBUTOR: Final = "utility"  # the starting set of the institution for which the types are made
GENERAL: Final = frozenset(  # what an institution of any other kind offers as well
    {"complaint_staff", "enquiry", "free_letter", "information_request", "suggestion"}
)


def shipped_types(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Return code → content of every type that ships."""
    found = {}
    for path in sorted(folder.glob("*.toml")):
        found[path.stem] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def load_shipped(*, at: datetime | None = None, folder: Path = FOLDER) -> int:
    """Bring the types that ship into the catalogue; return how many new versions that made.

    A service that the office never had is published from a time (now) on. A newer content follows
    only where the latest version came with the program too, and is published only where that one
    was: what an office edited or withdrew stays as it is. Harmless to repeat.
    """
    known: dict[str, list[ServiceTypeVersion]] = {}
    rows = ServiceTypeVersion.objects.defer("content").select_related("service")
    for version in rows.order_by("version"):
        known.setdefault(version.service.code, []).append(version)
    return sum(_load(content, known, at=at) for content in shipped_types(folder).values())


def offer_what_fits(starting_set: str, *, actor: User | None) -> int:
    """Take back what an institution of another kind than a distributor does not offer.

    Those that came with the program; return how many. They stay in the catalogue, to be published
    again.
    """
    if starting_set == DISTRIBUTOR:
        return 0
    rows = ServiceTypeVersion.objects.filter(shipped=True).exclude(service__code__in=GENERAL)
    now = timezone.now()
    live = [row for row in rows.select_related("service") if is_live(row, at=now)]
    for version in live:
        withdraw(version, actor=actor)
    return len(live)


def _load(
    content: Mapping[str, Any],
    known: Mapping[str, list[ServiceTypeVersion]],
    *,
    at: datetime | None,
) -> bool:
    """Load one type; return whether a version was made of it."""
    now = timezone.now()
    versions = known.get(str(content["code"]), [])
    digest = digest_of(content)
    if any(version.digest == digest for version in versions):
        return False
    if versions and not versions[-1].shipped:
        return False
    version = keep_version(content, actor=None, shipped=True)
    if not versions or _is_in_force(versions, now):
        publish(version, actor=None, start=None if versions else at)
    return True


def _is_in_force(versions: list[ServiceTypeVersion], now: datetime) -> bool:
    """Return whether the latest version is published today without an end."""
    latest = versions[-1]
    started = latest.published_from is not None and latest.published_from <= now
    return started and is_live(latest, at=now) and latest.published_to is None
