"""Contacts suggested while somebody types a name: those of the directory that this person sees."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q
from django.db.models.functions import Coalesce

from org.models import User
from org.people import permissions_of
from registry.access import reads_letter
from registry.contacts.access import reads_directory
from registry.contacts.directory import points_of_all
from registry.contacts.search import find_contacts
from registry.models.contacts import Contact
from registry.models.letters import Party

SHORTEST: Final = 2  # characters typed before anything is looked for
MOST: Final = 6
CANDIDATES: Final = 60  # of which those are kept that the person may see


@dataclass(frozen=True, slots=True)
class Suggested:
    """A contact, and the first value of each kind of entry that it has."""

    contact: Contact
    points: dict[str, str] = field(default_factory=dict)


def suggest_contacts(words: str, *, viewer: User) -> list[Suggested]:
    """Return the contacts that may be meant by what was typed so far, at most six.

    Readers of the directory get any; others only those whose letters they may read.
    """
    words = words.replace("\0", "").strip()
    if len(words) < SHORTEST or not viewer.is_active:
        return []
    rows = list(find_contacts(words).order_by("sort_name", "pk")[:CANDIDATES])
    if not reads_directory(permissions_of(viewer)):
        seen = _seen_by(viewer, [row.pk for row in rows])
        rows = [row for row in rows if row.pk in seen]
    return _with_points(rows[:MOST])


def _seen_by(viewer: User, ids: list[int]) -> set[int]:
    """Return those of the contacts that take part in a letter which this person may read."""
    if not ids:
        return set()
    rows = Party.objects.filter(Q(contact_id__in=ids) | Q(contact__root_id__in=ids))
    rows = rows.filter(reads_letter(viewer))
    return set(rows.values_list(Coalesce("contact__root_id", "contact_id"), flat=True))


def _with_points(rows: Iterable[Contact]) -> list[Suggested]:
    found = {row.pk: Suggested(row) for row in rows}
    for point in points_of_all(list(found)) if found else ():
        found[point.contact_id].points.setdefault(point.kind, point.value)
    return list(found.values())
