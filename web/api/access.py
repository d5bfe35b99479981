"""Who comes through the API's doors. What letter is whose is decided below, in the registry."""

from typing import cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from org.models import User
from org.people import permissions_of
from registry.contacts.access import MANAGERS


def caller(request: Request) -> User:
    """The person who calls; views without a person do not ask."""
    return cast("User", request.user)


class IsOffice(BasePermission):
    """Whoever registers letters: the clerks of the registry office."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By the duty that the token's or session's person has now; no query of its own."""
        user = request.user
        return isinstance(user, User) and user.is_active and user.duty == User.Duty.CLERK


class MayWatchJobs(BasePermission):
    """Clerks and administrators."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By duty, as `Permissions.may_watch_jobs` says it."""
        user = request.user
        duties = {User.Duty.CLERK, User.Duty.ADMINISTRATOR}
        return isinstance(user, User) and user.is_active and user.duty in duties


class KeepsContacts(BasePermission):
    """Clerks, the director and administrators, as `registry.contacts.access` says it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By duty."""
        user = request.user
        return isinstance(user, User) and user.is_active and user.duty in MANAGERS


class ReadsContacts(BasePermission):
    """Who keeps the directory, and the auditor."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By duty."""
        user = request.user
        duties = MANAGERS | {User.Duty.AUDITOR}
        return isinstance(user, User) and user.is_active and user.duty in duties


class ReadsLetters(BasePermission):
    """Everybody but those who only administer."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By duty, else by the departments that the person is in now."""
        user = request.user
        if not isinstance(user, User) or not user.is_active:
            return False
        permissions = permissions_of(user)
        return permissions.reads_all or bool(permissions.departments)
