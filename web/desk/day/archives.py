"""An archivist's work on a day's page: disposal lists to review, approve, execute."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from org.models import User
from org.people import Permissions
from registry.disposal.rights import lists_decided_by
from registry.models.disposal import DisposalList
from web.desk.day import tiles
from web.desk.day.tiles import Row, Tile, tile

_OPEN: Final = (DisposalList.State.NEW, DisposalList.State.REVIEWED, DisposalList.State.APPROVED)


def lists_to_decide(user: User, permissions: Permissions) -> Tile:
    """Return the lists that the archivist can take a step further, the oldest first.

    Those of their own that another must approve are left out.
    """
    rows = lists_decided_by(permissions).filter(state__in=_OPEN)
    rows = rows.exclude(state=DisposalList.State.REVIEWED, proposed_by=user)
    return tile(
        "disposals", _("Disposal lists to decide on"), rows.order_by("year", "serial"), _row,
        unit=tiles.lists, link=reverse("desk:disposals"),
    )  # fmt: skip


def _row(row: DisposalList) -> Row:
    return Row(reverse("desk:disposal", args=[row.pk]), row.number, row.get_state_display())
