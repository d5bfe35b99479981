"""Mandates that end by their last day: both of the two are told, once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from eservices.people import events
from eservices.people.kinds import PersonKind
from eservices.people.mandate_messages import tell_of
from eservices.people.models import Mandate, PersonEvent

LOOKED_BACK: Final = timedelta(days=7)  # an office may stand still for some days
_AT_ONCE: Final = 500


def tell_ended() -> int:
    """Note and tell that mandates ended by their last day; return how many."""
    told = 0
    for rows in _batches():
        keys = [str(row.pk) for row in rows]
        noted = PersonEvent.objects.filter(
            person__in={row.agent_id for row in rows},
            kind=PersonKind.MANDATE_OVER,
            data__mandate__in=keys,
        )
        known = {event.data["mandate"] for event in noted}
        for row in rows:
            if str(row.pk) not in known:
                _tell(row)
                told += 1
    return told


def _batches() -> Iterator[list[Mandate]]:
    today = timezone.localdate()
    ended = Mandate.objects.filter(
        confirmed_at__isnull=False, revoked_at=None, until__lt=today, until__gte=today - LOOKED_BACK
    ).select_related("agent", "principal")
    rows = ended.order_by("pk")
    while batch := list(rows[:_AT_ONCE]):
        yield batch
        rows = ended.filter(pk__gt=batch[-1].pk).order_by("pk")


@transaction.atomic
def _tell(row: Mandate) -> None:
    for person in (row.agent, row.principal):
        tell_of(events.note(person, PersonKind.MANDATE_OVER, mandate=str(row.pk)))
