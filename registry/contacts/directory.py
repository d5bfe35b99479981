"""The public functions of the directory: make, change, find and link contacts.

Everything here is a plain keyword-only function; each records what it did and who did it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.outbox import enqueue
from language.fold import fold
from language.lines import one_line
from language.reach import address_key, email_key, number_key, phone_key
from org.columns import indexed
from org.models import User
from registry.contacts.keys import write_keys
from registry.contacts.matching import ContactMatch, propose_contacts
from registry.kinds import RegistryJob
from registry.models.contacts import NAME, NOTES, VALUE, Contact, ContactEvent, ContactPoint
from registry.states import ConflictError

__all__ = [
    "BadContactError",
    "ContactMatch",
    "add_point",
    "create_contact",
    "current_contact",
    "edit_contact",
    "points_of",
    "points_of_all",
    "propose_contacts",
    "remove_point",
    "shown_points",
    "verify_point",
]
LANGUAGES = ("", "ar", "fr", "en")
COLUMNS = ("kind", "name", "language", "way", "notes")
MOST_POINTS = 60  # of one contact


class BadContactError(ValueError):
    """A value cannot be taken; the message says why, in the person's language."""

    def __init__(self, field: str, words: Any = None) -> None:
        super().__init__(field)
        self.field = field
        self._words = words or _("This value cannot be taken: %(field)s") % {"field": field}

    def __str__(self) -> str:
        return str(self._words)


@dataclass(frozen=True, slots=True)
class Point:
    """A way to reach a contact, as written; `kind` is one of ContactPoint.Kind."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class ContactData:
    """A contact to be made; all but the name may be empty."""

    name: str
    kind: str = Contact.Kind.PERSON
    language: str = ""
    way: str = ""
    notes: str = ""
    points: Iterable[Point] = field(default_factory=tuple)


def compared(kind: str, value: str) -> str:
    """Return the index by which a point is compared; empty where it is none of its kind."""
    keys = {
        ContactPoint.Kind.EMAIL: email_key,
        ContactPoint.Kind.PHONE: phone_key,
        ContactPoint.Kind.CUSTOMER: number_key,
        ContactPoint.Kind.ADDRESS: address_key,
    }
    return indexed(keys[ContactPoint.Kind(kind)](value)[:NAME]) if kind in keys else ""


def create_contact(data: ContactData, *, actor: User | None, letter: Any = None) -> Contact:
    """Make a contact with its points (taken from `letter`, where one is given).

    Raise BadContactError for a contact without name or with an invalid point.
    """
    plain = _plain({column: getattr(data, column) for column in COLUMNS})
    now = timezone.now()
    contact = Contact(
        **plain, sort_name=fold(plain["name"])[:NAME], created_at=now, created_by=actor
    )
    contact.changed_at = now
    with transaction.atomic():
        contact.save(force_insert=True)
        _put_points(contact, data.points, actor=actor, letter=letter)
        write_keys(contact)
        ContactEvent.of(contact, "created", actor=actor, at=now)
        enqueue(RegistryJob.CONTACT_COMPARE, contact.pk)
    return contact


def edit_contact(
    contact: Contact, *, actor: User, changes: dict[str, Any], version: int
) -> Contact:
    """Set columns (COLUMNS) of a contact that is still at `version`.

    Raise BadContactError, and ConflictError when it has changed or was merged meanwhile.
    """
    plain = _plain(changes)
    changed = sorted(name for name, value in plain.items() if getattr(contact, name) != value)
    if not changed:
        return contact
    now = timezone.now()
    if "name" in plain:
        plain["sort_name"] = fold(plain["name"])[:NAME]
    with transaction.atomic():
        rows = Contact.objects.filter(pk=contact.pk, version=version, merged_into=None)
        if not rows.update(**plain, changed_at=now, version=F("version") + 1):
            raise ConflictError
        contact.refresh_from_db()
        if "name" in changed:
            write_keys(contact)
            enqueue(RegistryJob.CONTACT_COMPARE, contact.pk)
        ContactEvent.of(contact, "edited", actor=actor, at=now, columns=changed)
    return contact


def add_point(
    contact: Contact, *, kind: str, value: str, actor: User | None, letter: Any = None
) -> ContactPoint:
    """Add a way to reach a contact, or return the one that it has already.

    Raise BadContactError.
    """
    with transaction.atomic():
        (point,) = _put_points(contact, [Point(kind, value)], actor=actor, letter=letter)
        if kind == ContactPoint.Kind.ADDRESS:
            write_keys(contact)
        enqueue(RegistryJob.CONTACT_COMPARE, contact.root_id or contact.pk)
    return point


def verify_point(point: ContactPoint, *, actor: User) -> ContactPoint:
    """Mark a point as verified by a person."""
    now = timezone.now()
    with transaction.atomic():
        rows = ContactPoint.objects.filter(pk=point.pk, verified_at=None)
        if rows.update(verified_at=now, verified_by=actor):
            ContactEvent.of(point.contact, "verified", actor=actor, at=now, point=point.kind)
    point.refresh_from_db()
    return point


def remove_point(point: ContactPoint, *, actor: User) -> None:
    """Delete a point, and the same one of contacts merged into this one.

    Wrong data about a person is not kept.
    """
    contact = point.contact.root or point.contact
    with transaction.atomic():
        same = points_of(contact).filter(kind=point.kind, compared=point.compared)
        owners = {row.contact_id: row.contact for row in same.select_related("contact")}
        if ContactPoint.objects.filter(pk__in=same.values("pk")).delete()[0]:
            for owner in owners.values():
                write_keys(owner)
            ContactEvent.of(
                point.contact, "forgot", actor=actor, at=timezone.now(), point=point.kind
            )


def current_contact(pk: int) -> Contact | None:
    """Return the contact of this id, or the one it was merged into; None where there is none."""
    found = Contact.objects.select_related("root").filter(pk=pk).first()
    return (found.root or found) if found else None


def family_of(contact: Contact) -> list[int]:
    """Return the ids of the contact and of all that were merged into it."""
    return [contact.pk, *Contact.objects.filter(root=contact).values_list("pk", flat=True)]


def points_of(contact: Contact) -> "QuerySet[ContactPoint]":
    """Return the points of the contact and of those merged into it, the verified ones first."""
    rows = ContactPoint.objects.filter(Q(contact=contact) | Q(contact__root=contact))
    return rows.select_related("verified_by", "letter").order_by(
        "kind", F("verified_at").desc(nulls_last=True), "pk"
    )


def shown_points(contact: Contact) -> list[ContactPoint]:
    """Return the points of a contact for display: each once, the verified one of two equal."""
    best: dict[tuple[str, str], ContactPoint] = {}
    for point in points_of(contact)[:200]:
        best.setdefault((point.kind, point.compared), point)
    return list(best.values())


def points_of_all(ids: list[int]) -> "QuerySet[ContactPoint]":
    """Return the points of several contacts, without those of contacts merged into them."""
    return ContactPoint.objects.filter(contact_id__in=ids).order_by("contact_id", "kind", "pk")


def _put_points(
    contact: Contact, points: Iterable[Point], *, actor: User | None, letter: Any = None
) -> list[ContactPoint]:
    now = timezone.now()
    rows = []
    for point in points:
        value = one_line(point.value, VALUE)
        key = compared(point.kind, value)
        if not key:
            raise BadContactError(point.kind, _("This is no value of its kind: %s") % value)
        row = points_of(contact).filter(kind=point.kind, compared=key).first()
        if row is None:
            if contact.points.count() >= MOST_POINTS:
                raise BadContactError(point.kind, _("This contact has too many entries."))
            row, _new = ContactPoint.objects.get_or_create(
                contact=contact,
                kind=point.kind,
                compared=key,
                defaults={
                    "value": value,
                    "letter": letter,
                    "created_at": now,
                    "created_by": actor,
                },
            )
        rows.append(row)
    return rows


def _plain(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the values as the columns keep them. Raise BadContactError for an invalid one."""
    plain: dict[str, Any] = {}
    for name, value in changes.items():
        if name == "name":
            plain[name] = one_line(str(value), NAME)
            fine = bool(plain[name])
        elif name == "notes":
            plain[name] = str(value).strip()[:NOTES]
            fine = True
        else:
            choices = {
                "kind": Contact.Kind.values,
                "way": ["", *Contact.Way.values],
                "language": LANGUAGES,
            }
            plain[name], fine = value, value in choices.get(name, ())
        if not fine:
            raise BadContactError(name)
    return plain
