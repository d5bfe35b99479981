"""Whom a key names: a person by what stands under their own name, not by a shared telephone."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from django.db.models import Q

from eservices.people.models import ContactPoint as PersonPoint
from eservices.relations.customers import (
    Customer,
    NoSuchCustomerError,
    contacts_by,
    customer_of,
    gathered_of,
)
from eservices.relations.models import ContactMoment
from language.names import SAME, name_likeness
from org.models import User

_LONGEST: Final = 80


def are_alike(one: str, other: str) -> bool:
    """Return whether two names are taken for one; a missing name is like none."""
    return name_likeness(one, other) >= SAME


def subject_of(key: str, *, viewer: User) -> Customer:
    """Return who is named by "contact:12", under their own name. Raise NoSuchCustomerError.

    Whoever verified the same telephone or address belongs to it only where their name is alike;
    otherwise they and what they bring in are left out.
    """
    kind, _, pk = key.partition(":")
    if not pk or len(key) > _LONGEST:
        raise NoSuchCustomerError
    found = _found(kind, pk, viewer)
    own = found.itself
    if own is None:
        return found
    if found.person is None:
        return replace(own, language=found.language, contacts=found.contacts)
    if are_alike(own.name, found.person.name):
        return replace(found, name=own.name, itself=None)
    contacts = own.contacts or tuple(contacts_by(own.phones, own.emails))
    return replace(own, contacts=contacts)


def _found(kind: str, pk: str, viewer: User) -> Customer:
    """Return the customer; a call without a person stays a call, whoever has the telephone."""
    found = customer_of(kind, pk, viewer=viewer)
    if kind != "call" or found.kind == kind:
        return found
    moment = ContactMoment.objects.get(pk=UUID(pk))
    if moment.person_id is not None:
        return found
    points = {"phone": moment.phone, "contract": moment.contract_number}
    return gathered_of(kind, pk, name=moment.name, points=points)


def others_reached(customer: Customer) -> int:
    """Return how many other people verified one of the telephones or addresses."""
    reach = Q(way="phone", key__in=list(customer.phones))
    reach |= Q(way="email", key__in=list(customer.emails))
    points = PersonPoint.objects.filter(reach).exclude(verified_at=None)
    if customer.person is not None:
        points = points.exclude(person=customer.person)
    return int(points.order_by().values("person").distinct().count())
