"""Versions of service types as they are published, and what each says."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from eservices.catalogue.definition import Definition
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.reading import read_definition

_read: dict[str, Definition] = {}


@dataclass(frozen=True, slots=True)
class Published:
    """A version that is published, with what it says."""

    version: ServiceTypeVersion
    definition: Definition


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of a content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def definition_of(version: ServiceTypeVersion) -> Definition:
    """Return what a version says; each content is read once by a process."""
    if version.digest not in _read:
        _read[version.digest] = read_definition(version.content)
    return _read[version.digest]


def published(code: str, *, at: datetime | None = None) -> Published | None:
    """Return what is published under this code at a time (now), None where nothing is."""
    at = at or timezone.now()
    rows = ServiceTypeVersion.objects.filter(
        Q(published_to__isnull=True) | Q(published_to__gt=at),
        service__code=code,
        service__active=True,
        published_from__lte=at,
    )
    version = rows.select_related("service").first()
    return Published(version, definition_of(version)) if version else None
