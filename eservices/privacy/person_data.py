"""Whose data a print-out is of: the person's own contacts, letters and requests, nobody else's.

Telephones and addresses are shared: what is found by one of them alone counts as the person's where
it is under their name, and is left out otherwise, which the print-out says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from eservices.privacy.subject import are_alike, others_reached
from eservices.relations.customers import Customer
from eservices.requests.models import Request
from org.columns import indexed
from org.models import User
from registry.contacts.directory import family_of
from registry.models.contacts import Contact
from registry.models.letters import Letter, Party

MOST: Final = 5000  # letters, or rows of one part
CHUNK: Final = 200
SCANNED: Final = 50_000  # letters of others at the same telephone or address


@dataclass(slots=True)
class PersonData:
    """What is found of a person, as far as the requester may read it; `hidden` and `foreign` count.

    `hidden`: letters above the reader's clearance. `foreign`: what lies under another name.
    `roles`: letter → what the person is in it.
    """

    customer: Customer
    viewer: User
    contacts: list[Contact] = field(default_factory=list)
    roles: dict[UUID, list[str]] = field(default_factory=dict)
    hidden: int = 0
    more: bool = False
    foreign: Counter[str] = field(default_factory=Counter)

    @property
    def letter_ids(self) -> list[UUID]:
        """The letters that may be read, the newest first."""
        return list(self.roles)

    def is_theirs(self, name: str) -> bool:
        """Return whether something under this name is the person's; what has no name is not."""
        return are_alike(self.customer.name, name)


def data_of_person(customer: Customer, *, viewer: User) -> PersonData:
    """Find the person's contacts and letters."""
    held = PersonData(customer, viewer, contacts=contacts_of(customer))
    held.foreign["contacts"] = len(customer.contacts) - len(held.contacts)
    held.foreign["space"] = others_reached(customer)
    _find_letters(held)
    return held


def contacts_of(customer: Customer) -> list[Contact]:
    """Return the person's entries of the directory: the one that was named, those of their name."""
    return [
        one
        for one in customer.contacts
        if customer.key == f"contact:{one.pk}" or are_alike(customer.name, one.name)
    ]


def _find_letters(held: PersonData) -> None:
    roles: dict[UUID, list[str]] = {pk: [] for pk in _own_letters(held)}
    linked = {pk for contact in held.contacts for pk in family_of(contact)}
    others: set[UUID] = set()
    for party in _parties(held, linked):
        if _is_of(held, party, linked):
            roles.setdefault(party.letter_id, []).append(party.role)
        else:
            others.add(party.letter_id)
        if len(roles) > MOST or len(others) > SCANNED:
            held.more = True
            break
    held.foreign["letters"] += len(others - roles.keys())
    ids = list(roles)[:MOST]
    visible: dict[UUID, datetime] = {}
    for start in range(0, len(ids), CHUNK):
        rows = Letter.objects.visible_to(held.viewer).filter(pk__in=ids[start : start + CHUNK])
        visible |= dict(rows.values_list("pk", "registered_at"))
    newest = sorted(visible, key=lambda pk: visible[pk], reverse=True)
    held.roles = {pk: roles[pk] for pk in newest}
    held.hidden = len(ids) - len(visible)


def _is_of(held: PersonData, party: Party, linked: Collection[int]) -> bool:
    """Return whether a party is the person; one that is linked to another contact is not."""
    if party.contact_id is not None:
        return party.contact_id in linked
    return held.is_theirs(party.shown_name)


def _parties(held: PersonData, contact_ids: Collection[int]) -> Iterator[Party]:
    wanted = Q(contact_id__in=contact_ids)
    if held.customer.emails:
        wanted |= Q(email_index__in=[indexed(one) for one in held.customer.emails])
    for phone in held.customer.phones:
        wanted |= Q(phone_index__contains=indexed(phone))
    return Party.objects.filter(wanted).order_by("-pk").iterator(chunk_size=CHUNK)


def _own_letters(held: PersonData) -> list[UUID]:
    """Return the letters of the person's requests, and those that name the person."""
    ids = list(held.customer.letter_ids)
    person = held.customer.person
    if person is not None:
        rows = Request.objects.filter(Q(person=person) | Q(on_behalf_of=person))
        ids += rows.order_by("-opened_at").values_list("letter_id", flat=True)[:MOST]
    return list(dict.fromkeys(ids))


def in_anothers_name(held: PersonData) -> QuerySet[Request]:
    """Return the requests that somebody, be it the person, made in another's name."""
    rows = Request.objects.exclude(on_behalf_of=None)
    person = held.customer.person
    return rows if person is None else rows.exclude(on_behalf_of=person)
