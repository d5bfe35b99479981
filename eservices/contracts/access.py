"""Who sees which contracts: a person those that they hold; all else is not there."""

from django.db.models import QuerySet

from eservices.contracts.models import Contract
from eservices.people.models import Person
from language.reach import number_key


def contracts_of(person: Person) -> "QuerySet[Contract]":
    """Return the contracts that a person has proven."""
    return Contract.objects.filter(holders__person=person, holders__ended_at=None).distinct()


def contract_of(person: Person, number: str) -> Contract | None:
    """Return one of the person's contracts; None for another's and for one that is not there."""
    return contracts_of(person).filter(number_key=number_key(number) or "-").first()
