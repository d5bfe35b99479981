"""Permissions of the API's views; which letters a person may read is decided in the registry."""

from collections.abc import Callable
from typing import Final, cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from org.models import User
from org.people import Permissions, permissions_of
from registry.contacts.access import MANAGERS


def caller(request: Request) -> User:
    """Return the person who calls; not for views without a person."""
    return cast("User", request.user)


def allowed(allows: Callable[[User], bool]) -> type[BasePermission]:
    """Return the permission of the active people for whom this holds, asked at each call."""

    class Allowed(BasePermission):
        def has_permission(self, request: Request, view: APIView) -> bool:
            user = request.user
            return isinstance(user, User) and user.is_active and allows(user)

    return Allowed


def of_duty(*duties: str) -> type[BasePermission]:
    """Return the permission of those who have one of the duties now; no query of its own."""
    return allowed(lambda user: user.duty in duties)


def permitted(allows: Callable[[Permissions], bool]) -> type[BasePermission]:
    """Return the permission of those whose duty, clearance and departments allow it now."""
    return allowed(lambda user: allows(permissions_of(user)))


IsOffice: Final = of_duty(User.Duty.CLERK)  # who registers letters
MayWatchJobs: Final = of_duty(User.Duty.CLERK, User.Duty.ADMINISTRATOR)
Administers: Final = of_duty(User.Duty.ADMINISTRATOR)
WatchesProof: Final = of_duty(User.Duty.ADMINISTRATOR, User.Duty.AUDITOR)
KeepsContacts: Final = of_duty(*MANAGERS)
ReadsContacts: Final = of_duty(*MANAGERS, User.Duty.AUDITOR)
# All people of the office: who handles letters needs the codes.
ReadsOrganisation: Final = allowed(lambda user: True)
# Everybody but those who only administer.
ReadsLetters: Final = permitted(lambda own: own.reads_all or bool(own.departments))
