"""Which contracts a citizen sees: those they have proven, and those of who let them act."""

from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from eservices.contracts.models import Contract, Holder, Meter
from eservices.people.mandates import mandates_of
from eservices.people.models import Mandate, Person
from language.reach import number_key

_MOST_MANDATES: Final = 100


def contracts_of(person: Person, *, service: str = "") -> QuerySet[Contract]:
    """Return the contracts that a person sees: their own, and by a mandate that holds today.

    A mandate for certain services shows contracts in these alone: `service` is the code of one.
    """
    allowed = Q(pk__in=_held_by(person.pk))
    for mandate in mandates_of(person)[:_MOST_MANDATES]:
        if not mandate.services or service in mandate.services:
            allowed |= _of_principal(mandate)
    return Contract.objects.filter(allowed)


def contract_of(person: Person, number: str, *, service: str = "") -> Contract | None:
    """Return the contract of this number if the person sees it; None otherwise, whyever not."""
    return contracts_of(person, service=service).filter(number_key=number_key(number)).first()


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
