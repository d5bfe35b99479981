"""Teams, orders and entries for tests."""

import io
import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from eservices.relations.field_sync import SyncedEntry, take_entry
from eservices.relations.models import Team, WorkOrder
from eservices.relations.orders import order_work
from eservices.relations.teams import save_team
from org.models import User
from registry.intake import IncomingFile
from tests.factories import person, picture_bytes


def team(code: str = "EAU-9", *, department: str = "EAU", members: tuple[str, ...] = ()) -> Team:
    """A team of the department; Badr works in it unless others are named."""
    values: dict[str, Any] = {"code": code, "name_ar": f"فرقة {code}", "name_fr": f"Équipe {code}"}
    values |= {"department": department, "members": members or ("badr",)}
    return save_team(values, actor=None)[0]


def ordered(of: Team | None = None, **more: Any) -> WorkOrder:
    """An order for today, made by Dounia, who heads EAU."""
    given: dict[str, Any] = {"planned_on": timezone.localdate(), "what": "Réparer la fuite"}
    given |= {"actor": person("dounia"), **more}
    return order_work(given.pop("request", None), team=of or team(), **given)


def enter(
    order: WorkOrder,
    kind: str,
    *,
    by: User | None = None,
    entry_id: uuid.UUID | None = None,
    made_at: datetime | None = None,
    picture: bytes | None = None,
    **data: Any,
) -> SyncedEntry:
    """Take an entry as Badr's phone sends it."""
    if picture is None and kind in {"photo", "sign"}:
        picture = picture_bytes(form="JPEG")
    file = IncomingFile("photo.jpg", io.BytesIO(picture)) if picture else None
    return take_entry(
        order, entry_id=entry_id or uuid.uuid4(), kind=kind, data=data,
        made_at=made_at or timezone.now(), by=by or person("badr"), file=file,
    )  # fmt: skip
