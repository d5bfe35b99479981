"""Who records, prints, decides: the director, and clerks who were appointed to answer for it."""

from typing import Final

from django.db.models import OuterRef, Subquery

from eservices.privacy.models import Officer
from org.models import User
from org.people import Permissions, permissions_of
from registry.models.letters import Letter

RECORDING: Final = frozenset({User.Duty.CLERK, User.Duty.DIRECTOR})


class DataNotAllowedError(Exception):
    """The person may not, or not now; the message says why in their language."""


def reads_requests(permissions: Permissions) -> bool:
    """Return whether they see print-outs and rectifications: office, director, auditors."""
    return permissions.duty in RECORDING or permissions.duty == User.Duty.AUDITOR


def records(permissions: Permissions) -> bool:
    """Return whether they record that somebody requests a rectification."""
    return permissions.duty in RECORDING


def answers_for_data(permissions: Permissions) -> bool:
    """Return whether they print a person's data and decide about it.

    The director does, and a clerk who was appointed.
    """
    if permissions.duty == User.Duty.CLERK:
        return Officer.objects.filter(person=permissions.user_id, ended_at=None).exists()
    return permissions.duty == User.Duty.DIRECTOR


def may_print(user: User) -> bool:
    """Return whether this person may have or fetch a print-out now."""
    return bool(user.is_active) and answers_for_data(permissions_of(user))


def number_for(viewer: User, column: str) -> Subquery:
    """Return the number of the letter in this column, for a viewer who may read it."""
    readable = Letter.objects.visible_to(viewer).filter(pk=OuterRef(column))
    return Subquery(readable.order_by().values("number")[:1])
