"""Contracts in the customer-relations centre: found by the console, seen on a customer's page."""

from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet

from eservices.contracts.access import contracts_of
from eservices.contracts.finding import any_of, contract_numbered, contracts_found, reached
from eservices.contracts.models import Contract
from eservices.people.models import Person
from eservices.relations.customers import Customer, gathered_of
from eservices.relations.finding import FOUND, Candidate
from language.reach import number_key

KIND: Final = "contract"
_MOST: Final = 20


def customer_of_contract(key: str) -> Customer | None:
    """Return the customer that a contract names: by its telephone, mail and number."""
    row = contract_numbered(key)
    if row is None:
        return None
    points = {"phone": row.phone, "email": row.email, "contract": row.number}
    return gathered_of(KIND, row.number_key, name=row.customer_name, points=points)


def candidates(words: str) -> list[Candidate]:
    """Return the contracts that words may mean."""
    return [
        Candidate(
            KIND,
            row.number_key,
            row.customer_name,
            {row.phone_key} - {""},
            row.phone,
            row.number,
            why=KIND,
        )
        for row in contracts_found(words).order_by("id")[:FOUND]
        if row.number_key.isascii()
    ]


def numbers_of(person: Person) -> Iterable[str]:
    """Return the numbers of the contracts that a person sees."""
    return contracts_of(person).order_by("id").values_list("number", flat=True)[:_MOST]


def contracts_of_customer(customer: Customer) -> QuerySet[Contract]:
    """Return the contracts of a customer: of their numbers, telephones and addresses."""
    keys = [number_key(number) for number in customer.contracts]
    found = [Contract.objects.filter(number_key__in=keys).values("pk")] if keys else []
    if customer.phones:
        found.append(reached("phone_key", customer.phones))
    if customer.emails:
        found.append(reached("email_key", customer.emails))
    rows = Contract.objects.filter(any_of(*found)) if found else Contract.objects.none()
    return rows.order_by("id")
