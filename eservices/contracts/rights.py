"""Who of the staff sees contracts, adds holders, and imports tables."""

from typing import Final

from eservices.requests.access import centre_among
from org.models import User
from org.people import Permissions

MONEY: Final = ("REC", "FIN")  # collection and finance


def reads_contracts(permissions: Permissions) -> bool:
    """Return whether they see contracts: the office, the centre, collection, finance, overseers.

    These are the director and auditors. Other departments see what stands in their requests, and
    so do archivists.
    """
    if permissions.oversees or permissions.is_office or centre_among(permissions):
        return True
    return any(code in permissions.departments for code in MONEY)


def adds_holders(permissions: Permissions) -> bool:
    """Return whether they add a holder whose paper they saw, or end one: the office, the centre."""
    return permissions.is_office or centre_among(permissions)


def sees_imports(permissions: Permissions) -> bool:
    """Return whether they see what was imported, with what was refused."""
    return imports(permissions) or permissions.duty == User.Duty.AUDITOR


def imports(permissions: Permissions) -> bool:
    """Return whether they import tables: administrators, and collection and finance."""
    if permissions.duty == User.Duty.ADMINISTRATOR:
        return True
    return any(code in permissions.departments for code in MONEY)
