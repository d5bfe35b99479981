"""Who may do what with money: the cashiers and accounts of the office.

Money is the business of two departments: collection (REC) and finance (FIN). Members of collection
are cashiers; where there is no such department, those of finance are. Both keep bank files and
direct debits. Refunds are decided by the heads of either and the director, never by the requester.
"""

from typing import Final

from eservices.requests.access import centre_among
from org.models import Department, User
from org.people import Permissions

COLLECTION: Final = "REC"
FINANCE: Final = "FIN"
_MONEY: Final = (COLLECTION, FINANCE)
READERS: Final = frozenset({User.Duty.DIRECTOR, User.Duty.AUDITOR})


def keeps_accounts(permissions: Permissions) -> bool:
    """Return whether they keep bank files and direct debits, and request refunds."""
    return any(code in permissions.departments for code in _MONEY)


def cashes(permissions: Permissions) -> bool:
    """Return whether they take money at the counter."""
    held = permissions.departments
    if COLLECTION in held:
        return True
    return FINANCE in held and not _has_collection()


def closes_for_others(permissions: Permissions) -> bool:
    """Return whether they close the day of a cashier who is away: who decides on refunds."""
    return decides_refunds(permissions)


def decides_refunds(permissions: Permissions) -> bool:
    """Return whether they approve what goes back."""
    heads = any(permissions.departments.get(code) == "head" for code in _MONEY)
    return heads or permissions.duty == User.Duty.DIRECTOR


def reads_payments(permissions: Permissions) -> bool:
    """Return whether they see payments: both departments, the centre, director, auditors."""
    if keeps_accounts(permissions) or permissions.duty in READERS:
        return True
    return centre_among(permissions)


def reads_accounts(permissions: Permissions) -> bool:
    """Return whether they see days of cashiers, refunds, bank files and direct debits."""
    return keeps_accounts(permissions) or permissions.duty in READERS


def sees_all_days(permissions: Permissions) -> bool:
    """Return whether they see the days of all cashiers, not only their own."""
    if permissions.duty in READERS or FINANCE in permissions.departments:
        return True
    return permissions.departments.get(COLLECTION) == "head"


def _has_collection() -> bool:
    return Department.objects.filter(code=COLLECTION, active=True).exists()
