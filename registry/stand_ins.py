"""Stand-ins for who is away, appointed and dismissed as acts in the chain besides their history."""

from typing import Any, Final

from django.db import transaction

from identity import stand_ins
from org.models import Absence, User
from registry.acts import record_act

APPOINTED: Final = "stand_in_appointed"
DISMISSED: Final = "stand_in_dismissed"


def appoint(person: User, *, actor: User, **given: Any) -> Absence:
    """Announce an absence with its delegate, as `org.absences.announce`; raise AbsenceError."""
    with transaction.atomic():
        row = stand_ins.appoint(person, actor=actor, **given)
        record_act(APPOINTED, actor=actor, data=_act_data(row))
    return row


def dismiss(row: Absence, *, actor: User) -> Absence:
    """End an absence early, as `org.absences.end_early`; raise AbsenceError."""
    with transaction.atomic():
        done = stand_ins.dismiss(row, actor=actor)
        record_act(DISMISSED, actor=actor, data=_act_data(done))
    return done


def _act_data(row: Absence) -> dict[str, Any]:
    return {
        "absence": row.pk,
        "person": row.person_id,
        "delegate": row.delegate_id,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
    }
