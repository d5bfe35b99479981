"""Who sees the banks' figures, and who keeps the partners."""

from typing import Final

from eservices.payments.rights import keeps_accounts
from org.models import User
from org.people import Permissions

READERS: Final = {User.Duty.ADMINISTRATOR, User.Duty.DIRECTOR, User.Duty.AUDITOR}


def reads_banks(permissions: Permissions) -> bool:
    """Allow administrators, directors, auditors, and members of accounts and collection."""
    return keeps_accounts(permissions) or permissions.duty in READERS


def keeps_banks(permissions: Permissions) -> bool:
    """Allow administrators alone: a partner's postings mark bills as paid."""
    return permissions.duty == User.Duty.ADMINISTRATOR
