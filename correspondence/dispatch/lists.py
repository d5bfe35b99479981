"""Lists of outgoing mail: at the counter, posting lists, not acknowledged, returned."""

from django.db.models import QuerySet

from correspondence.models.dispatch import Dispatch, PostingList
from org.models import User
from org.people import permissions_of
from registry.access import reads_letter
from registry.states import Stage


def at_the_counter(viewer: User) -> QuerySet[Dispatch]:
    """Return letters that wait at the counter for their addressee to sign, the oldest first."""
    rows = _theirs(viewer).filter(method="handed_over", state="waiting")
    return rows.exclude(letter__stage=Stage.VOIDED).order_by("asked_at", "pk")


def unacknowledged(viewer: User) -> QuerySet[Dispatch]:
    """Return registered letters whose acknowledgement of receipt is not back, the oldest first."""
    rows = _theirs(viewer).filter(method="registered", state="sent")
    return rows.select_related("posting_line__posting_list").order_by("at", "pk")


def came_back_for(viewer: User) -> QuerySet[Dispatch]:
    """Return what did not reach its addressee and nobody has settled, the newest first.

    The office sees all of it, a department its own.
    """
    rows = _theirs(viewer).filter(state="failed", settled_at__isnull=True)
    return rows.exclude(letter__stage=Stage.VOIDED).order_by("-asked_at", "-pk")


def posting_lists() -> QuerySet[PostingList]:
    """Return the closed lists, the newest first."""
    return PostingList.objects.select_related("closed_by", "file").order_by("-closed_at", "-pk")


def _theirs(viewer: User) -> QuerySet[Dispatch]:
    permissions = permissions_of(viewer)
    rows = Dispatch.objects.filter(reads_letter(viewer))
    if not permissions.reads_all:
        rows = rows.filter(reply__department__code__in=list(permissions.departments))
    return rows.select_related("letter", "reply__letter", "reply__department").prefetch_related(
        "letter__parties"
    )
