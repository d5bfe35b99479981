"""Ending a person's access: every session, token and known device at once."""

from collections.abc import Callable
from typing import Final

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from identity import events
from identity.kinds import SecurityKind
from identity.models import ApiToken, KnownDevice
from org.models import User

_BESIDES: Final[list[Callable[[User], None]]] = []


def end_besides(end: Callable[[User], None]) -> None:
    """Have what another package keeps open for a person ended along with their access."""
    _BESIDES.append(end)


def end_access(person: User, *, actor: User | None, reason: str, address: str = "") -> None:
    """End all sessions, API tokens, known devices and pushes of a person, and record it.

    To be called by whatever deactivates a person; `reason` is a code.
    """
    with transaction.atomic():
        sessions = list(UserSession.objects.filter(user=person))
        tokens = ApiToken.objects.filter(person=person, revoked_at=None)
        ended = tokens.update(revoked_at=timezone.now())
        KnownDevice.objects.filter(person=person).delete()
        for session in sessions:
            session.end()
        for end in _BESIDES:
            end(person)
        events.record(
            SecurityKind.ACCESS_ENDED,
            person=actor,
            subject=person,
            address=address,
            reason=reason,
            sessions=len(sessions),
            tokens=ended,
        )
