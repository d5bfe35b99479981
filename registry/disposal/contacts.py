"""The directory's copies of what a letter said: gone with the letter that they were taken from."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import Q

from registry.contacts.directory import compared
from registry.models.contacts import (
    Contact,
    ContactDouble,
    ContactEvent,
    ContactKey,
    ContactMerge,
    ContactPoint,
    ContactView,
)
from registry.models.letters import Party

_LOOKED_AT: Final = 500  # letters of a contact
_TOLD: Final = {
    ContactPoint.Kind.EMAIL.value: "email",
    ContactPoint.Kind.PHONE.value: "phone",
    ContactPoint.Kind.ADDRESS.value: "address",
}


def of_letter(letter_id: UUID) -> set[int]:
    """Return the contacts that the letter's parties are taken for."""
    rows = Party.objects.filter(letter_id=letter_id).exclude(contact=None)
    return {pk for pk in rows.values_list("contact_id", flat=True) if pk is not None}


def forget(contact_ids: Iterable[int], letter_id: UUID) -> None:
    """Remove what nothing else of the office needs; the letter names none of them any more.

    A contact of no other letter goes as a whole, unless somebody merged it with another or wrote
    it down by hand. Entries of one that stays name another letter that told the same, or none where
    somebody verified them, or go.
    """
    for pk in contact_ids:
        if not Party.objects.filter(contact_id=pk).exists() and _came_by_letters(pk):
            _remove(pk)
    points = ContactPoint.objects.filter(letter_id=letter_id)
    for point in points.filter(verified_at=None):
        if other := _also_told(point):
            ContactPoint.objects.filter(pk=point.pk).update(letter=other)
        else:
            point.delete()
    points.update(letter=None)


def _also_told(point: ContactPoint) -> UUID | None:
    """Return the newest of the contact's letters that says the same, if one is left."""
    column = _TOLD.get(point.kind)
    if column is None:
        return None
    rows = Party.objects.filter(contact=point.contact_id, letter__disposal=None)
    newest = rows.order_by("-letter__registered_at").values_list("letter", column)[:_LOOKED_AT]
    same = (pk for pk, value in newest if compared(point.kind, value) == point.compared)
    return next(same, None)


def _came_by_letters(pk: int) -> bool:
    merged = ContactMerge.objects.filter(Q(winner_id=pk) | Q(loser_id=pk)).exists()
    row = Contact.objects.filter(pk=pk, merged_into=None, created_by=None, notes="").first()
    verified = ContactPoint.objects.filter(contact_id=pk, verified_at__isnull=False).exists()
    return row is not None and not merged and not verified


def _remove(pk: int) -> None:
    ContactDouble.objects.filter(Q(first_id=pk) | Q(second_id=pk)).delete()
    for table in (ContactKey, ContactEvent, ContactView, ContactPoint):
        table._default_manager.filter(contact_id=pk).delete()
    Contact.objects.filter(pk=pk).delete()
