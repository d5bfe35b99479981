"""What follows when a team is done: its photos become documents, and the request moves on."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.catalogue.definition import Action, Definition
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent
from eservices.relations.field_merge import ENDED, OPEN
from eservices.relations.models import FieldEntry, WorkOrder
from eservices.relations.orders import record_in_request
from eservices.requests.acting import take_action
from eservices.requests.models import Request
from eservices.requests.needs import LONGEST
from language.lines import one_line
from registry.files.vault import get_vault
from registry.intake import IncomingFile
from registry.models.files import StoredFile
from registry.pieces import add_documents
from routing.acting.errors import ConflictError, NotAllowedError

_log = logging.getLogger(__name__)
_ENDINGS = {"image/png": "png", "image/webp": "webp", "image/heic": "heic", "image/tiff": "tif"}


def end_work(order_id: str, _progress: Any) -> None:
    """File what the team sent, and move the request; both only once, however often it is done."""
    rows = WorkOrder.objects.select_related(
        "request__letter", "request__version", "team", "made_by"
    )
    order = rows.filter(pk=UUID(order_id), request__isnull=False).first()
    if order is None or order.request is None or order.state not in ENDED:
        return
    file_pictures(order)
    move_request(order, order.request)


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
        record_in_request(order, EserviceEvent.WORK_FILED, actor=last, rows=written, public=False)

    with ExitStack() as open_files:
        files = [
            open_files.enter_context(_file(order, entry.kind, entry.file, number))
            for number, entry in enumerate(waiting, 1)
            if entry.file is not None
        ]
        add_documents(order.request.letter, files=files, then=seal)


@contextmanager
def _file(order: WorkOrder, kind: str, file: StoredFile, number: int) -> Iterator[IncomingFile]:
    ending = _ENDINGS.get(file.media_type, "jpg")
    name = f"{order.number.replace('/', '-')}-{kind}-{number}.{ending}"
    with get_vault().open(file.sha256) as stream:
        yield IncomingFile(name, stream)


def move_request(order: WorkOrder, request: Request) -> None:
    """Take the team's action of the request's stage, once no order of the request is open."""
    end = order.entries.filter(kind="end").order_by("-made_at", "-pk").first()
    if end is None or end.came_at < request.stage_since:
        return  # the request has moved since: the order belongs to an earlier stage
    if request.work_orders.filter(state__in=OPEN).exists():
        return
    done = order.state == WorkOrder.State.DONE
    action = team_action(definition_of(request.version), request.stage, done=done)
    if action is None:
        return
    comment = one_line(order.outcome, LONGEST) or _("Work order %(number)s") % {
        "number": order.number
    }
    # A team of others may not read the letter: then it moves in the name of who made the order.
    for actor in (end.by, order.made_by):
        try:
            take_action(request, action.name, actor=actor, comment=comment)
        except (NotAllowedError, ConflictError) as error:
            _log.warning("work order %s moved nothing: %s", order.pk, type(error).__name__)
        else:
            return


def team_action(definition: Definition, stage: str, *, done: bool) -> Action | None:
    """Return what a team does from a field stage: on to a later stage, or back to an earlier one.

    None where the stage is no field work, or has no such action.
    """
    codes = [one.code for one in definition.stages]
    here = definition.stage(stage)
    if here.kind != "field":
        return None
    ways = [action for action in here.actions if "team" in action.roles]
    at = codes.index(stage)
    return next((way for way in ways if (codes.index(way.to) > at) == done), None)
