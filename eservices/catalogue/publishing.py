"""Versions of service types: kept, published from a time to another, withdrawn, and read.

A version's content never changes: what is edited becomes the next version, and a request stays on
the version that it was made with. At any time at most one version of a service is published.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.catalogue.definition import BadServiceTypeError, Definition
from eservices.catalogue.models import ServiceType, ServiceTypeVersion
from eservices.catalogue.reading import read_definition
from org.history import record
from org.models import OrgChange, User
from org.people import permissions_of
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

logger = logging.getLogger(__name__)
MOST_READ: Final = 500  # definitions that a process keeps; an office has some dozens
_read: dict[str, Definition] = {}


class OverlapError(Exception):
    """Another version of the service is published in that time; `version` says which."""

    def __init__(self, version: ServiceTypeVersion) -> None:
        self.version = version
        super().__init__(
            _("Version %(number)d is published in that time already.") % {"number": version.version}
        )


@dataclass(frozen=True, slots=True)
class Published:
    """A version that is published, with what it says. The version's content is read on demand."""

    version: ServiceTypeVersion
    definition: Definition

    @property
    def code(self) -> str:
        """The code of the service."""
        return self.definition.code


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of a content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def definition_of(version: ServiceTypeVersion) -> Definition:
    """Return what a version says; each content is read once by a process.

    Raise BadServiceTypeError where the program no longer understands it.
    """
    found = _read.get(version.digest)
    if found is None:
        found = read_definition(version.content)
        if len(_read) >= MOST_READ:
            _read.clear()
        _read[version.digest] = found
    return found


def published_types(*, at: datetime | None = None) -> list[Published]:
    """Return what is published at a time (now), in the order of the catalogue.

    A version that cannot be read is left out and logged: one bad type must not close the others.
    """
    return read_all(_in_force(at).defer("content"))


def read_all(rows: Iterable[ServiceTypeVersion]) -> list[Published]:
    """Return versions with what they say; contents that are not known yet by one query.

    One that cannot be read is left out and logged.
    """
    versions = list(rows)
    missing = [version.pk for version in versions if version.digest not in _read]
    known = ServiceTypeVersion.objects.filter(pk__in=missing).values_list("pk", "content")
    contents = dict(known) if missing else {}
    found = []
    for version in versions:
        if version.pk in contents:
            version.content = contents[version.pk]
        try:
            found.append(Published(version, definition_of(version)))
        except BadServiceTypeError as error:
            logger.error("service type %s cannot be read: %s", version.service.code, error)
    return found


def published(code: str, *, at: datetime | None = None) -> Published | None:
    """Return what is published under this code at a time (now), None where nothing is."""
    version = _in_force(at).filter(service__code=code).first()
    return Published(version, definition_of(version)) if version else None


def _in_force(at: datetime | None) -> QuerySet[ServiceTypeVersion]:
    at = at or timezone.now()
    ended = Q(published_to__isnull=True) | Q(published_to__gt=at)
    rows = ServiceTypeVersion.objects.filter(ended, published_from__lte=at, service__active=True)
    return rows.select_related("service").order_by("service__position", "service__code")


def keep_version(
    content: Mapping[str, Any],
    *,
    actor: User | None,
    note: str = "",
    shipped: bool = False,
    seen: int | None = None,
) -> ServiceTypeVersion:
    """Keep a content as the next version of its service, a draft; the same content changes nothing.

    `seen` is the number of the version that the person edited (0: a new service). Return the
    version that holds the content. Raise BadServiceTypeError for what cannot be used, ConflictError
    where there is a newer version than `seen`, NotAllowedError for who is no administrator.
    """
    need_administrator(actor)
    definition = read_definition(content)
    digest = digest_of(content)
    with transaction.atomic():
        service = _held(definition)
        latest = service.versions.order_by("-version").first()
        if seen is not None and (latest.version if latest else 0) != seen:
            raise ConflictError
        if latest and latest.digest == digest:
            return latest
        version = service.versions.create(
            version=latest.version + 1 if latest else 1,
            content=content,
            digest=digest,
            shipped=shipped,
            note=note.strip()[:500],
            made_at=timezone.now(),
            made_by=actor,
        )
        if latest or not shipped:
            _record(version, "version" if latest else "created", actor=actor)
        return version


def publish(
    version: ServiceTypeVersion,
    *,
    actor: User | None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> ServiceTypeVersion:
    """Publish a version from `start` (now) until `end` (open).

    One that is published without an end, and began before, ends where this one starts. Raise
    OverlapError where another one is published in that time, ConflictError where this one is
    published already, NotAllowedError for who may not or for a time that ends before it starts.
    """
    need_administrator(actor)
    now = timezone.now()
    start = start or now
    if actor:
        start = max(start, now)  # nobody says that it was published before
    if end is not None and end <= max(start, now):
        raise NotAllowedError(_("A publication ends after it starts, and not in the past."))
    with transaction.atomic():
        service = ServiceType.objects.select_for_update().get(pk=version.service_id)
        held = ServiceTypeVersion.objects.get(pk=version.pk)
        if is_live(held, at=now):
            raise ConflictError
        definition = definition_of(held)
        for other in others_between(held, start=start, end=end):
            if other.published_to is not None or (other.published_from or start) >= start:
                raise OverlapError(other)
            _set_times(other, other.published_from, start, action="ended", actor=actor)
        first = held.version == 1 and held.shipped and actor is None
        _set_times(held, start, end, action="" if first else "published", actor=actor)
        if service.position != definition.position:
            ServiceType.objects.filter(pk=service.pk).update(position=definition.position)
    return held


def withdraw(version: ServiceTypeVersion, *, actor: User | None) -> ServiceTypeVersion:
    """End the publication of a version now; one that has not begun is a draft again.

    Raise ConflictError where it is not published, NotAllowedError for who is no administrator.
    """
    need_administrator(actor)
    now = timezone.now()
    with transaction.atomic():
        ServiceType.objects.select_for_update().get(pk=version.service_id)
        held = ServiceTypeVersion.objects.get(pk=version.pk)
        if not is_live(held, at=now) or held.published_from is None:
            raise ConflictError
        begun = held.published_from <= now
        times = (held.published_from, now) if begun else (None, None)
        _set_times(held, *times, action="taken_back", actor=actor)
    return held


def is_live(version: ServiceTypeVersion, *, at: datetime) -> bool:
    """Return whether the version is published at a time, or will be after it."""
    if version.published_from is None:
        return False
    return version.published_to is None or version.published_to > at


def others_between(
    version: ServiceTypeVersion, *, start: datetime, end: datetime | None
) -> list[ServiceTypeVersion]:
    """Return the other versions of the service that are published in that time."""
    rows = ServiceTypeVersion.objects.filter(
        Q(published_to__isnull=True) | Q(published_to__gt=start),
        service=version.service_id,
        published_from__isnull=False,
    )
    if end is not None:
        rows = rows.filter(published_from__lt=end)
    return list(rows.exclude(pk=version.pk).order_by("published_from"))


def need_administrator(actor: User | None) -> None:
    """Raise NotAllowedError for everybody but administrators and the program itself (None)."""
    if actor and permissions_of(actor).duty != User.Duty.ADMINISTRATOR:
        raise NotAllowedError(_("Services are kept by administrators."))


def _held(definition: Definition) -> ServiceType:
    """Return the service's row, held until the transaction ends; made where it is new."""
    service, _made = ServiceType.objects.get_or_create(
        code=definition.code, defaults={"position": definition.position}
    )
    return ServiceType.objects.select_for_update().get(pk=service.pk)


def _set_times(
    version: ServiceTypeVersion,
    start: datetime | None,
    end: datetime | None,
    *,
    action: str,
    actor: User | None,
) -> None:
    """Write from when to when a version is published; `action` names it in the history."""
    before = _times(version)
    version.published_from, version.published_to = start, end
    version.save(update_fields=["published_from", "published_to"])
    if action:
        _record(version, action, actor=actor, before=before, after=_times(version))


def _times(version: ServiceTypeVersion) -> dict[str, str]:
    times = {"published_from": version.published_from, "published_to": version.published_to}
    return {name: at.isoformat() if at else "" for name, at in times.items()}


def _record(
    version: ServiceTypeVersion,
    action: str,
    *,
    actor: User | None,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    after = {"version": str(version.version), **(after or {})}
    noun, key = OrgChange.Noun.SERVICE, version.service.code
    record(noun, key, action, actor=actor, before=before, after=after)
