"""What follows when a team is done: its photos become documents of the letter."""

from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from eservices.kinds import EserviceEvent
from eservices.relations.field_merge import ENDED
from eservices.relations.models import FieldEntry, WorkOrder
from eservices.relations.orders import tell_request
from registry.files.vault import get_vault
from registry.intake import IncomingFile
from registry.models.files import StoredFile
from registry.pieces import add_documents
from routing.acting.errors import ConflictError

_ENDINGS = {"image/png": "png", "image/webp": "webp", "image/heic": "heic", "image/tiff": "tif"}


def end_work(order_id: str, _progress: Any) -> None:
    """File what the team sent, and move the request; both only once, however often it is done."""
    rows = WorkOrder.objects.select_related("request__letter", "request__version", "team")
    order = rows.filter(pk=UUID(order_id), request__isnull=False).first()
    if order is None or order.request is None or order.state not in ENDED:
        return
    file_pictures(order)


def file_pictures(order: WorkOrder) -> None:
    """Make the photos and the signature documents of the request's letter, in one event."""
    rows = order.entries.filter(file__isnull=False, attached_at=None)
    waiting = list(rows.select_related("file").order_by("made_at", "pk"))
    if not waiting or order.request is None:
        return

    def seal(written: list[Model]) -> None:
        pending = FieldEntry.objects.filter(pk__in=[entry.pk for entry in waiting])
        if pending.filter(attached_at=None).update(attached_at=timezone.now()) != len(waiting):
            raise ConflictError  # another job was faster: nothing of this one is kept
        last = waiting[-1].by
        tell_request(order, EserviceEvent.WORK_FILED, actor=last, rows=written, public=False)

    files = [
        _file(order, entry.kind, entry.file, number)
        for number, entry in enumerate(waiting, 1)
        if entry.file is not None
    ]
    add_documents(order.request.letter, files=files, then=seal)


def _file(order: WorkOrder, kind: str, file: StoredFile, number: int) -> IncomingFile:
    ending = _ENDINGS.get(file.media_type, "jpg")
    name = f"{order.number.replace('/', '-')}-{kind}-{number}.{ending}"
    return IncomingFile(name, get_vault().open(file.sha256))
