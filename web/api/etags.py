"""ETag and If-Match: who overwrites what another changed meanwhile is told so (412).

A tag says in which state the row was read. If-Match is compared under the lock that the verb takes
anyway, so that nothing comes between. A weakened tag (`W/"…"`) counts as well: what compresses
answers on their way weakens them.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import transaction
from django.db.models import Manager, Model
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from correspondence.models.dispatch import Dispatch
from correspondence.models.drafts import Mailing
from correspondence.models.replies import Reply
from registry.models.contacts import Contact
from registry.models.letters import Letter
from routing.models.rules import RoutingRule
from web.api.errors import StaleError

IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of the GET by which you saw it: 412 where it was changed since.",
)
ETAG: Final = OpenApiParameter(
    "ETag",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[200],
    description="The state in which it was read, for If-Match.",
)
_PARTS: Final[dict[type[Model], str]] = {
    Reply: "steps",
    Contact: "points",
    Mailing: "lines",
    Dispatch: "posting_line",
}
_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')


def tag_of(row: Model) -> str:
    """Return the tag of a row as it now stands; no query for letters and rules, two at most."""
    if isinstance(row, Letter | RoutingRule):
        return tag_of_words(row._meta.label, row.pk, row.version)
    manager = type(row)._default_manager
    columns = [field.attname for field in row._meta.concrete_fields]
    seen: list[Any] = [manager.filter(pk=row.pk).values_list(*columns).first()]
    if part := _PARTS.get(type(row)):
        seen.append(_values_of(getattr(row, part, None)))
    return tag_of_words(row._meta.label, *seen)


def _values_of(related: Any) -> Any:
    """Return the present values of the rows that belong to one; None where there is none."""
    if isinstance(related, Manager):
        return sorted(map(repr, related.all().values_list()))
    if isinstance(related, Model):
        return type(related)._default_manager.filter(pk=related.pk).values_list().first()
    return None


def tag_again(row: Model) -> str:
    """Return the tag of the row after a verb, which may have left it stale in memory."""
    return tag_of(type(row)._default_manager.filter(pk=row.pk).first() or row)


def tag_of_words(*seen: Any) -> str:
    """Return the tag of what was seen, in quotes as the header has it."""
    return f'"{hashlib.sha256(repr(seen).encode()).hexdigest()[:32]}"'


def tagged(response: Response, tag: str) -> Response:
    """Return the response with its ETag."""
    response.headers["ETag"] = tag
    return response


def need_match(request: Request, tag: str) -> None:
    """Raise StaleError where the request names tags and this is none of them."""
    told = request.headers.get("If-Match", "").strip()
    if told and told != "*" and tag.strip('"') not in _TAG.findall(told):
        raise StaleError


@contextmanager
def unchanged(request: Request, row: Model) -> Iterator[None]:
    """Hold the row while it is changed, as the request's If-Match saw it. Raise StaleError.

    Without the header nothing is held, and what the verb itself asks for decides.
    """
    if not request.headers.get("If-Match"):
        yield
        return
    with transaction.atomic():
        need_match(request, tag_of(_held(row)))
        yield


def _held(row: Any) -> Any:
    """Lock what the verbs lock first, the letter before what belongs to it; return the row."""
    home = row.reply.home if isinstance(row, Dispatch) else getattr(row, "letter", None)
    if isinstance(home, Letter):
        Letter.objects.select_for_update().get(pk=home.pk)
    manager = type(row)._default_manager
    return manager.select_for_update().filter(pk=row.pk).first() or row
