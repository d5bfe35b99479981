"""Service types and requests for tests, through the front doors."""

import io
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

import eservices.catalogue
from eservices.catalogue.models import ServiceType, ServiceTypeVersion
from eservices.catalogue.publishing import Published, definition_of, digest_of, published
from eservices.catalogue.reading import read_definition
from eservices.requests.models import Request
from eservices.requests.opening import PieceFile, open_request
from registry.intake import PartyData

TYPES: Final = Path(eservices.catalogue.__file__).parent / "types"
WATER: Final[Mapping[str, Any]] = {
    "danger": "no",
    "problem": "leak",
    "where_leaks": "street",
    "description": "De l’eau coule sur le trottoir depuis ce matin.",
    "place": {"text": "12, rue des Orangers, Settat"},
}


def shipped(code: str) -> dict[str, Any]:
    """Return the content of a service type that ships."""
    return tomllib.loads((TYPES / f"{code}.toml").read_text(encoding="utf-8"))


def published_type(content: str | Mapping[str, Any]) -> Published:
    """Publish a content, or the type that ships under this code; once for each content."""
    if isinstance(content, str):
        if found := published(content):
            return found
        content = shipped(content)
    read_definition(content)
    service, _made = ServiceType.objects.get_or_create(code=content["code"])
    now = timezone.now()
    service.versions.filter(published_to=None).update(published_to=now)
    version = ServiceTypeVersion.objects.create(
        service=service,
        version=service.versions.count() + 1,
        content=dict(content),
        digest=digest_of(content),
        made_at=now,
        published_from=now,
    )
    return Published(version, definition_of(version))


def opened(
    content: str | Mapping[str, Any] = "complaint_water",
    *,
    files: Sequence[tuple[str, str, bytes]] = (),
    email: str = "",
    phone: str = "",
    language: str = "fr",
    channel: str = "portal",
    answers: Mapping[str, Any] | None = None,
    **more: Any,
) -> Request:
    """Open a request; `answers` are a leak in the street where nothing is said."""
    party = PartyData("sender", name="Fatima Bennis", email=email, phone=phone)
    return open_request(
        published_type(content).version,
        answers=WATER if answers is None else answers,
        files=[PieceFile(piece, name, io.BytesIO(body)) for piece, name, body in files],
        language=language,
        channel=channel,
        contact=party,
        **more,
    ).request
