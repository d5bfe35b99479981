"""Standing in for somebody who is away: a change of rights, and on record as one."""

from typing import Any

from django.db import transaction

from identity import events
from identity.kinds import SecurityKind
from org.absences import announce, end_early
from org.models import Absence, User


def appoint(person: User, *, actor: User, **given: Any) -> Absence:
    """Announce an absence with its delegate, as `org.absences.announce`; raise AbsenceError."""
    with transaction.atomic():
        row = announce(person, actor=actor, **given)
        _record(row, actor=actor, change="stands_in")
    return row


def dismiss(row: Absence, *, actor: User) -> Absence:
    """End an absence early, as `org.absences.end_early`; raise AbsenceError."""
    with transaction.atomic():
        done = end_early(row, actor=actor)
        _record(done, actor=actor, change="stands_in_no_more")
    return done


def _record(row: Absence, *, actor: User, change: str) -> None:
    told = {"change": change, "for": row.person.username}
    told |= {"from": row.starts_on.isoformat(), "to": row.ends_on.isoformat()}
    events.record(SecurityKind.RIGHTS_CHANGED, person=actor, subject=row.delegate, detail=told)
