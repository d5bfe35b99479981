"""Entries of the field sheet: taken once each, in any order; the order follows from them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.kinds import EserviceEvent, EserviceJob
from eservices.relations.field_merge import ENDED, merge
from eservices.relations.models import FieldEntry, Team, WorkOrder
from eservices.relations.orders import record_in_request
from jobs.outbox import enqueue
from language.lines import one_line
from language.numerals import plain_decimal
from org.models import User
from org.people import permissions_of
from registry.deposit_files import NamedStream, keep_one
from registry.models.files import StoredFile
from routing.acting.errors import NotAllowedError

MOST_ENTRIES: Final = 2000  # of one order
PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/tiff"})
WITH_FILE: Final = frozenset({"photo", "sign"})
_QUANTITY: Final = re.compile(r"\d{1,6}(\.\d{1,3})?\Z", re.ASCII)
_INDEX: Final = re.compile(r"\d{1,12}([.,]\d{1,3})?\Z")
_COLUMNS: Final = (
    *("state", "checklist", "parts", "meter_index", "outcome", "signature_id", "signed_name"),
    *("started_at", "ended_at"),
)


class BadEntryError(Exception):
    """An entry that cannot be understood; the message says why."""


@dataclass(frozen=True, slots=True)
class SyncedEntry:
    """The entry, whether it is new, and the order as it is now."""

    entry: FieldEntry
    new: bool
    order: WorkOrder


def take_entry(
    order: WorkOrder,
    *,
    entry_id: UUID,
    kind: str,
    data: Mapping[str, Any],
    made_at: datetime,
    by: User,
    file: NamedStream | None = None,
) -> SyncedEntry:
    """Take one entry of a team's phone; one that was taken already changes nothing.

    Raise BadEntryError, NotAllowedError; DepositRefusedError for a file that is refused.
    """
    if known := FieldEntry.objects.filter(pk=entry_id).select_related("order__team").first():
        return _again(known, order, by)
    if not may_enter(by, order):
        raise NotAllowedError(_("Only the team and its department write on this sheet."))
    given = checked_data(kind, data, has_file=file is not None)
    stored = _picture(file) if file is not None else None
    with transaction.atomic():
        held = WorkOrder.objects.select_for_update().get(pk=order.pk)
        if held.entries.count() >= MOST_ENTRIES:
            raise BadEntryError(_("This order has too many entries."))
        values = {"order": held, "kind": kind, "data": given, "file": stored, "by": by}
        values |= {"made_at": made_at, "came_at": timezone.now()}
        entry, new = FieldEntry.objects.get_or_create(pk=entry_id, defaults=values)
        if new:
            _follow(held, entry)
    return SyncedEntry(entry, new, held) if new else _again(entry, order, by)


def may_enter(user: User, order: WorkOrder) -> bool:
    """Return whether a person writes on the order's sheet: its team, and its department."""
    if permissions_of(user).departments.get(order.team.department.code):
        return True
    return Team.objects.filter(pk=order.team_id, members=user).exists()


def _again(entry: FieldEntry, order: WorkOrder, by: User) -> SyncedEntry:
    if entry.order_id != order.pk or not may_enter(by, order):
        raise BadEntryError(_("This entry belongs to another order."))
    return SyncedEntry(entry, False, WorkOrder.objects.get(pk=order.pk))


def _follow(order: WorkOrder, entry: FieldEntry) -> None:
    """Bring the order up to its entries, and apply the change to the request."""
    before = order.state
    now = merge(order.checklist, order.entries.all())
    for name in _COLUMNS:
        setattr(order, name, getattr(now, name))
    order.save(update_fields=[name.removesuffix("_id") for name in _COLUMNS])
    if order.state != before:
        _tell(order, entry)
    if order.state in ENDED and (order.state != before or entry.file_id):
        enqueue(EserviceJob.FIELD_ENDED, order.pk)


def _tell(order: WorkOrder, entry: FieldEntry) -> None:
    if order.state == WorkOrder.State.STARTED:
        record_in_request(order, EserviceEvent.WORK_STARTED, actor=entry.by)
    elif order.state in ENDED:
        done = order.state == WorkOrder.State.DONE
        record_in_request(order, EserviceEvent.WORK_DONE, actor=entry.by, data={"done": done})


def _picture(file: NamedStream) -> StoredFile:
    stored = keep_one(file)
    if stored.media_type not in PICTURES:
        raise BadEntryError(_("This is no picture."))
    return stored


def checked_data(kind: str, data: Mapping[str, Any], *, has_file: bool) -> dict[str, Any]:
    """Return what an entry of this kind says. Raise BadEntryError."""
    check = _KINDS.get(kind)
    if check is None or not isinstance(data, Mapping):
        raise BadEntryError(_("There is no such entry."))
    if has_file != (kind in WITH_FILE):
        raise BadEntryError(_("A picture belongs to a photo or a signature."))
    return check(data)


def _text(data: Mapping[str, Any], name: str, most: int) -> str:
    value = data.get(name, "")
    return one_line(value, most) if isinstance(value, str) else ""


def _yes(data: Mapping[str, Any], name: str) -> bool:
    value = data.get(name)
    if not isinstance(value, bool):
        raise BadEntryError(_("“%(name)s” is yes or no.") % {"name": name})
    return value


def _needed(value: str, words: str) -> str:
    if not value:
        raise BadEntryError(words)
    return value


def _start(_data: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _check(data: Mapping[str, Any]) -> dict[str, Any]:
    code = _needed(_text(data, "code", 20), _("Say which point of the list."))
    return {"code": code, "done": _yes(data, "done")}


def _photo(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"caption": _text(data, "caption", 200)}


def _part(data: Mapping[str, Any]) -> dict[str, Any]:
    quantity = plain_decimal(_text(data, "quantity", 20) or "1")
    if not _QUANTITY.match(quantity):
        raise BadEntryError(_("Give the quantity as a number."))
    what = _needed(_text(data, "what", 120), _("Say which part."))
    return {"what": what, "quantity": f"{Decimal(quantity).normalize():f}"}


def _index(data: Mapping[str, Any]) -> dict[str, Any]:
    value = _text(data, "value", 20).replace(" ", "")
    if not _INDEX.match(value):
        raise BadEntryError(_("Give the index as it stands on the meter."))
    serial = _text(data, "serial", 40)
    return {"value": value, **({"serial": serial} if serial else {})}


def _note(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": _needed(_text(data, "text", 1000), _("Write the remark."))}


def _sign(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": _needed(_text(data, "name", 200), _("Write who signs."))}


def _end(data: Mapping[str, Any]) -> dict[str, Any]:
    done, remark = _yes(data, "done"), _text(data, "remark", 1000)
    if not done:
        _needed(remark, _("Say why the work could not be done."))
    return {"done": done, "remark": remark}


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "start": _start,
    "check": _check,
    "photo": _photo,
    "part": _part,
    "index": _index,
    "note": _note,
    "sign": _sign,
    "end": _end,
}
