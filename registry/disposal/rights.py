"""Who may propose, decide and execute disposal lists, and who holds letters back."""

from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from org.models import User
from org.people import Permissions
from registry.models.disposal import DisposalEntry, DisposalList
from registry.models.letters import Letter

PROPOSING: Final = frozenset({User.Duty.ARCHIVIST, User.Duty.CLERK})
READING: Final = PROPOSING | {User.Duty.DIRECTOR, User.Duty.AUDITOR}
HOLDING: Final = frozenset({User.Duty.ARCHIVIST, User.Duty.DIRECTOR})


def reads_lists(permissions: Permissions) -> bool:
    """Return whether they see disposal lists: the office, archivists, the director, auditors."""
    return permissions.duty in READING


def reads_schedule(permissions: Permissions) -> bool:
    """Return whether they read the schedule of retention: who sees lists, and administrators."""
    return reads_lists(permissions) or permissions.duty == User.Duty.ADMINISTRATOR


def proposes(permissions: Permissions) -> bool:
    """Return whether they propose lists: archivists and the office."""
    return permissions.duty in PROPOSING


def archives(permissions: Permissions) -> bool:
    """Return whether they are an archivist, of the whole office or of some departments."""
    return permissions.duty == User.Duty.ARCHIVIST


def holds(permissions: Permissions) -> bool:
    """Return whether they place and lift legal holds: archivists and the director."""
    return permissions.duty in HOLDING


def decides(permissions: Permissions, disposal: DisposalList) -> bool:
    """Return whether they are an archivist whose lists include this one, cleared for all on it."""
    return bool(lists_decided_by(permissions).filter(pk=disposal.pk).exists())


def scope_of(permissions: Permissions) -> frozenset[int] | None:
    """Return the departments of an archivist; None for one of the whole office, who is in none.

    Somebody in closed departments alone is the archivist of none.
    """
    own = permissions.own
    if not archives(own) or not own.placed:
        return None
    return frozenset(own.ids[code] for code in own.departments if code in own.ids)


def lists_seen_by(permissions: Permissions) -> Any:
    """Return the lists that they see: all, or those of an archivist's departments."""
    mine = scope_of(permissions)
    return DisposalList.objects.filter(Q() if mine is None else Q(department__in=mine))


def lists_decided_by(permissions: Permissions) -> Any:
    """Return the lists about which they decide, as `decides` says of one."""
    if not archives(permissions):
        return DisposalList.objects.none()
    waiting = DisposalEntry.objects.filter(
        disposal=OuterRef("pk"), state=DisposalEntry.State.WAITING
    )
    above = waiting.filter(letter__confidentiality__gt=permissions.clearance)
    return lists_seen_by(permissions).filter(~Exists(above))


def letters_judged_by(permissions: Permissions) -> Any:
    """Return the letters that they may put on a list: up to their clearance, of their scope."""
    mine = scope_of(permissions)
    rows = Letter.objects.filter(confidentiality__lte=permissions.clearance)
    return rows if mine is None else rows.filter(department__in=mine)
