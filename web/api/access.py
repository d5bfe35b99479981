"""Permissions of the API's views; which letters a person may read is decided in the registry."""

from typing import cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from org.models import User
from org.people import permissions_of
from registry.contacts.access import MANAGERS


def caller(request: Request) -> User:
    """Return the person who calls; not for views without a person."""
    return cast("User", request.user)


class IsOffice(BasePermission):
    """Permission of those who register letters: the clerks of the registry office."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller has the duty now; no query of its own."""
        user = request.user
        return isinstance(user, User) and user.is_active and user.duty == User.Duty.CLERK


class MayWatchJobs(BasePermission):
    """Permission of clerks and administrators."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the duty allows it, as in `Permissions.may_watch_jobs`."""
        user = request.user
        duties = {User.Duty.CLERK, User.Duty.ADMINISTRATOR}
        return isinstance(user, User) and user.is_active and user.duty in duties


class Administers(BasePermission):
    """Permission of administrators."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller has the duty now."""
        user = request.user
        return isinstance(user, User) and user.is_active and user.duty == User.Duty.ADMINISTRATOR


class WatchesProof(BasePermission):
    """Permission of administrators and auditors."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller has one of these duties now."""
        user = request.user
        duties = {User.Duty.ADMINISTRATOR, User.Duty.AUDITOR}
        return isinstance(user, User) and user.is_active and user.duty in duties


class KeepsContacts(BasePermission):
    """Permission of clerks, the director and administrators, as in `registry.contacts.access`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller's duty allows it."""
        user = request.user
        return isinstance(user, User) and user.is_active and user.duty in MANAGERS


class ReadsContacts(BasePermission):
    """Permission of the directory's keepers and the auditor."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller's duty allows it."""
        user = request.user
        duties = MANAGERS | {User.Duty.AUDITOR}
        return isinstance(user, User) and user.is_active and user.duty in duties


class ReadsOrganisation(BasePermission):
    """Permission of all people of the office: who handles letters needs the codes."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller is one of them; no query of its own."""
        return isinstance(request.user, User) and request.user.is_active


class ReadsLetters(BasePermission):
    """Permission of everybody but those who only administer."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller's duty, else their present departments, allow it."""
        user = request.user
        if not isinstance(user, User) or not user.is_active:
            return False
        permissions = permissions_of(user)
        return permissions.reads_all or bool(permissions.departments)
