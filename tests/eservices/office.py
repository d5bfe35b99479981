"""Service types and requests for tests, through the front doors."""

import copy
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from eservices.catalogue.loading import shipped_types
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import Published, keep_version, publish, published
from eservices.requests.models import Request
from eservices.requests.opening import OpeningData, PieceFile, open_request
from registry.intake import PartyData

WATER: Final[Mapping[str, Any]] = {
    "danger": "no",
    "problem": "leak",
    "where_leaks": "street",
    "description": "De l’eau coule sur le trottoir depuis ce matin.",
    "place": {"text": "12, rue des Orangers, Settat"},
}


def content_of(code: str = "complaint_water", /, **changes: Any) -> dict[str, Any]:
    """Return a content of its own: that of a type that ships, with some of its keys changed."""
    return {**copy.deepcopy(shipped_types()[code]), **changes}


def kept(content: Mapping[str, Any], **how: Any) -> ServiceTypeVersion:
    """Keep a content as a draft, by nobody."""
    return keep_version(content, actor=None, **how)


def published_type(what: str | Mapping[str, Any] = "complaint_water") -> Published:
    """Return what is published under a code; a content is kept and published from now on."""
    if not isinstance(what, str):
        publish(kept(what), actor=None)
        what = str(what["code"])
    found = published(what)
    assert found is not None, f"no service is published as {what}"
    return found


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
    apart = {name: more.pop(name) for name in ("deposit_key", "notes") if name in more}
    return open_request(
        OpeningData(
            published_type(content).version,
            answers=WATER if answers is None else answers,
            language=language,
            channel=channel,
            contact=party,
            **more,
        ),
        files=[PieceFile(piece, name, io.BytesIO(body)) for piece, name, body in files],
        **apart,
    ).request
