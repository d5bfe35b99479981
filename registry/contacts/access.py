"""Who may see and change the directory, and the record of who looked (Loi 09-08)."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.utils import timezone

from org.models import User
from org.people import Permissions, permissions_of
from registry.contacts.directory import standing_contact
from registry.contacts.links import letters_of
from registry.models.contacts import Contact, ContactView

MANAGERS = frozenset({User.Duty.CLERK, User.Duty.DIRECTOR, User.Duty.ADMINISTRATOR})


class NoSuchContactError(LookupError):
    """There is no such contact for this person; whether it exists for others is not said."""


def manages_contacts(permissions: Permissions) -> bool:
    """Clerks, the director and administrators keep the directory."""
    return permissions.duty in MANAGERS


def reads_directory(permissions: Permissions) -> bool:
    """Who may leaf through the whole directory: its keepers and the auditor."""
    return manages_contacts(permissions) or permissions.duty == User.Duty.AUDITOR


def get_contact(viewer: User | AnonymousUser, pk: int) -> Contact:
    """Fetch a contact (or the one that it became) on somebody's behalf.

    Others than the directory's readers see those alone whose letters they may read. Raises
    NoSuchContactError.
    """
    found = standing_contact(pk) if isinstance(viewer, User) else None
    if found is None or not isinstance(viewer, User):
        raise NoSuchContactError
    permissions = permissions_of(viewer)
    if viewer.is_active and reads_directory(permissions):
        return found
    if letters_of(found, viewer=viewer).exists():
        return found
    raise NoSuchContactError


def note_view(contact: Contact, *, viewer: User) -> None:
    """Keep that this person looked at the contact today."""
    rows = ContactView.objects.filter(contact=contact, person=viewer, day=timezone.localdate())
    if not rows.update(times=F("times") + 1):
        ContactView.objects.get_or_create(contact=contact, person=viewer, day=timezone.localdate())
