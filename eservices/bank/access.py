"""Who sees the banks' figures, and who keeps the partners."""

from typing import Final

from org.models import User
from org.people import Permissions

READERS: Final = {User.Duty.ADMINISTRATOR, User.Duty.DIRECTOR, User.Duty.AUDITOR}
DEPARTMENTS: Final = {"FIN", "REC"}  # accounts and collection, as the starting sets name them


def reads_banks(permissions: Permissions) -> bool:
    """Allow administrators, directors, auditors, and members of accounts and collection."""
    return permissions.duty in READERS or bool(DEPARTMENTS & permissions.departments.keys())


def keeps_banks(permissions: Permissions) -> bool:
    """Allow administrators alone: a partner's postings mark bills as paid."""
    return permissions.duty == User.Duty.ADMINISTRATOR
