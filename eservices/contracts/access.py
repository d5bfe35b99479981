"""Which contracts a citizen sees: those they have proven, and those of who let them act.

One rule for mandates. One that names no services, or any of `BILLS`, shows a contract with its
bills, statement and readings (`contracts_shown`). To act needs the service itself, or a mandate
that names none: `pay_bill` to pay, `self_reading` to send a reading (`contracts_of`).
"""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from eservices.contracts.models import Contract, Holder, Meter
from eservices.people.mandates import mandates_of
from eservices.people.models import Mandate, Person
from language.reach import number_key

# The services of the family "bill": whoever may ask for one of them sees what it is about.
BILLS: Final = frozenset({"pay_bill", "duplicate_bill", "statement", "instalments"})
PAYING: Final = "pay_bill"
_MOST_MANDATES: Final = 100


def contracts_of(person: Person, *, service: str = "") -> QuerySet[Contract]:
    """Return the contracts for which a person may act: their own, and by a mandate of today.

    A mandate for certain services is good in these alone: `service` is the code of one.
    """
    return _seen(person, {service})


def contracts_shown(person: Person, *more: str) -> QuerySet[Contract]:
    """Return the contracts whose bills, statement and readings a person sees.

    By mandates for all services, for one of `BILLS`, or for one of those given.
    """
    return _seen(person, BILLS.union(more))


def _seen(person: Person, services: Collection[str]) -> QuerySet[Contract]:
    allowed = Q(pk__in=_held_by(person.pk))
    for mandate in mandates_of(person)[:_MOST_MANDATES]:
        if not mandate.services or not set(services).isdisjoint(mandate.services):
            allowed |= _of_principal(mandate)
    return Contract.objects.filter(allowed)


def contract_of(person: Person, number: str, *, service: str = "") -> Contract | None:
    """Return the contract of this number if the person may act for it; None otherwise."""
    return contracts_of(person, service=service).filter(number_key=number_key(number)).first()


def contract_shown(person: Person, number: str) -> Contract | None:
    """Return the contract of this number if the person sees it; None otherwise, whyever not."""
    return contracts_shown(person).filter(number_key=number_key(number)).first()


def meters_of(contract: Contract) -> QuerySet[Meter]:
    """Return the meters of a contract: those in place, then removed ones, latest first."""
    return contract.meters.order_by(F("removed_on").desc(nulls_first=True), "-installed_on", "id")


def holding_of(person: Person, contract: Contract) -> Holder | None:
    """Return how the person holds the contract, None for who sees it by a mandate alone."""
    return Holder.objects.filter(person=person, contract=contract, ended_at=None).first()


def _held_by(person_id: UUID) -> QuerySet[Any]:
    return Holder.objects.filter(person=person_id, ended_at=None).values("contract")


def _of_principal(mandate: Mandate) -> Q:
    theirs = Q(pk__in=_held_by(mandate.principal_id))
    if mandate.contracts:
        keys = {number_key(str(number)) for number in mandate.contracts}
        theirs &= Q(number_key__in=keys)
    return theirs
