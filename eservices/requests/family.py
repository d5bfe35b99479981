"""A request and its requests for single trades: held in one order, each notified of the other."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from eservices.kinds import EserviceEvent
from eservices.requests.models import Request
from org.models import User
from registry.changes import lock, record_change
from registry.models.events import LetterEvent
from routing.acting.errors import NotAllowedError

CITIZEN = LetterEvent.Visibility.CITIZEN


def hold(request: Request) -> None:
    """Lock the letters of a request: that of its parent first, so that nobody waits in a circle."""
    if request.parent_id and request.parent:
        lock(request.parent.letter)
    lock(request.letter)


@contextmanager
def held_first(request: Request) -> Iterator[None]:
    """Hold the parent's letter while files are added to the request's own; none without parent.

    Without one, files are copied and checked before anything is locked.
    """
    if request.parent_id is None:
        yield
        return
    with transaction.atomic():
        hold(request)
        yield


def join(child: Request, *, actor: User | None) -> None:
    """Record in a parent that a request for a trade was opened, in the transaction that opens it.

    Raise NotAllowedError where the parent has ended, or has one for the trade already.
    """
    parent = child.parent
    if parent is None:
        return
    lock(parent.letter)
    present = Request.objects.get(pk=parent.pk)
    others = Request.objects.filter(parent=parent.pk, trade=child.trade, ended_at=None)
    if present.ended_at:
        raise NotAllowedError(_("This request has ended."))
    if others.exclude(pk=child.pk).exists():
        raise NotAllowedError(_("There is an open request for this trade already."))
    record_change(
        parent.letter,
        EserviceEvent.CHILD_OPENED,
        actor=actor,
        data={"number": child.letter.number, "trade": child.trade},
        visibility=CITIZEN,
    )


def record_end_in_parent(child: Request, *, actor: User | None) -> None:
    """Record in the parent, whose letter is held, that this request has ended."""
    if child.parent is None:
        return
    record_change(
        child.parent.letter,
        EserviceEvent.CHILD_ENDED,
        actor=actor,
        data={
            "number": child.letter.number,
            "trade": child.trade,
            "outcome": child.outcome,
        },
        visibility=CITIZEN,
    )
