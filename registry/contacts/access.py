"""Rights to see and change the directory, and the record of who viewed it (Loi 09-08)."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.utils import timezone

from org.models import User
from org.people import Permissions, permissions_of
from registry.contacts.directory import current_contact
from registry.contacts.links import letters_of
from registry.models.contacts import Contact, ContactView

MANAGERS = frozenset({User.Duty.CLERK, User.Duty.DIRECTOR, User.Duty.ADMINISTRATOR})


class NoSuchContactError(LookupError):
    """There is no such contact for this person; whether it exists for others is not disclosed."""


def manages_contacts(permissions: Permissions) -> bool:
    """Return whether the person keeps the directory: clerks, the director and administrators."""
    return permissions.duty in MANAGERS


def reads_directory(permissions: Permissions) -> bool:
    """Return whether the person may read the whole directory: its keepers and the auditor."""
    return manages_contacts(permissions) or permissions.duty == User.Duty.AUDITOR


def get_contact(viewer: User | AnonymousUser, pk: int) -> Contact:
    """Fetch a contact (or the one that it was merged into) on a person's behalf.

    Others than the directory's readers see only those whose letters they may read. Raise
    NoSuchContactError.
    """
    found = current_contact(pk) if isinstance(viewer, User) else None
    if found is None or not isinstance(viewer, User):
        raise NoSuchContactError
    permissions = permissions_of(viewer)
    if viewer.is_active and reads_directory(permissions):
        return found
    if letters_of(found, viewer=viewer).exists():
        return found
    raise NoSuchContactError


def note_view(contact: Contact, *, viewer: User) -> None:
    """Record that this person viewed the contact today."""
    rows = ContactView.objects.filter(contact=contact, person=viewer, day=timezone.localdate())
    if not rows.update(times=F("times") + 1):
        ContactView.objects.get_or_create(contact=contact, person=viewer, day=timezone.localdate())
