"""An entry as a plain form sends it: the id that the page gave it, its kind, and its values."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.relations.field_sync import BadEntryError


def entry_of(given: QueryDict) -> dict[str, Any]:
    """Return the entry's id, kind, values and moment. Raise BadEntryError."""
    kind = given.get("kind", "")
    read = _READ.get(kind)
    return {
        "entry_id": as_uuid(given.get("id", "")),
        "kind": kind,
        "data": read(given) if read else {},
        "made_at": timezone.now(),
    }


def as_uuid(text: str) -> UUID:
    """Return the id of an entry. Raise BadEntryError."""
    try:
        return UUID(text)
    except (ValueError, AttributeError) as error:
        raise BadEntryError(_("The entry has no usable id.")) from error


def as_moment(text: str) -> datetime:
    """Return the moment of an entry, with its zone. Raise BadEntryError."""
    try:
        moment = datetime.fromisoformat(text)
        in_the_register = moment.astimezone(UTC)  # which a moment at an end of the calendar has not
    except (ValueError, TypeError, OverflowError) as error:
        raise BadEntryError(_("The entry has no usable time.")) from error
    if moment.tzinfo is None:
        raise BadEntryError(_("The entry has no usable time."))
    return in_the_register


def _texts(*names: str) -> Callable[[QueryDict], dict[str, Any]]:
    return lambda given: {name: given.get(name, "") for name in names}


def _check(given: QueryDict) -> dict[str, Any]:
    return {"code": given.get("code", ""), "done": given.get("done") == "yes"}


def _end(given: QueryDict) -> dict[str, Any]:
    return {"done": given.get("done") == "yes", "remark": given.get("remark", "")}


_READ: Final[Mapping[str, Callable[[QueryDict], dict[str, Any]]]] = {
    "check": _check,
    "photo": _texts("caption"),
    "part": _texts("what", "quantity"),
    "index": _texts("value", "serial"),
    "note": _texts("text"),
    "sign": _texts("name"),
    "end": _end,
}
