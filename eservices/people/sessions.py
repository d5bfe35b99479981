"""The browsers in which a person is in their space: seen by them, and ended from another one."""

import ipaddress
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from eservices.people import events
from eservices.people.kinds import PersonKind
from eservices.people.models import Person, PersonSession

IDLE: Final = timedelta(minutes=30)  # without a click
LONGEST: Final = timedelta(hours=8)  # in all


def begin(person: Person, *, key: str, browser: str, address: str) -> PersonSession:
    """Note a browser in which the person has just signed in."""
    now = timezone.now()
    return PersonSession.objects.create(
        person=person,
        key=key,
        began_at=now,
        seen_at=now,
        browser=browser[:40],
        network=network_of(address),
    )


def network_of(address: str) -> str:
    """Return roughly where an address is: its network, with a star for the rest; "" for none."""
    try:
        found = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return ""
    bits = 24 if found.version == 4 else min(48, found.prefixlen)
    network = found.supernet(new_prefix=min(bits, found.prefixlen)).network_address
    if found.version == 4:
        return f"{str(network).rpartition('.')[0]}.*"
    return f"{':'.join(part.lstrip('0') or '0' for part in network.exploded.split(':')[:3])}:*"


def live() -> Q:
    """Return the condition of sessions that are not over."""
    now = timezone.now()
    return Q(seen_at__gt=now - IDLE, began_at__gt=now - LONGEST)


def sessions_of(person: Person) -> QuerySet[PersonSession]:
    """Return the sessions of a person that are not over, seen last first."""
    return person.sessions.filter(live()).order_by("-seen_at", "-began_at", "pk")


def end_one(person: Person, session_id: UUID) -> list[str]:
    """End one of the person's sessions; return its key, nothing where it is not theirs or over."""
    with transaction.atomic():
        keys = _delete(person.sessions.filter(pk=session_id))
        if keys:
            events.note(person, PersonKind.SESSION_ENDED)
    return keys


def end_others(person: Person, *, but: UUID) -> list[str]:
    """End all of the person's sessions but one; return their keys."""
    with transaction.atomic():
        keys = _delete(person.sessions.exclude(pk=but))
        if keys:
            events.note(person, PersonKind.SESSIONS_ENDED, count=len(keys))
    return keys


def forget_ended() -> int:
    """Delete the rows of sessions that are over; return how many."""
    return PersonSession.objects.exclude(live()).delete()[0]


def _delete(rows: QuerySet[PersonSession]) -> list[str]:
    keys = list(rows.values_list("key", flat=True))
    rows.delete()
    return keys
