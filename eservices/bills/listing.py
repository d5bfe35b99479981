"""Bills in lists: those of a citizen, those of a proven contract, those that staff search for."""

from datetime import date
from typing import Final

from django.db.models import BooleanField, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from eservices.bills.holders import of_present_holders
from eservices.bills.models import Bill
from eservices.contracts.access import contracts_shown
from eservices.contracts.models import Contract
from eservices.people.models import Person
from eservices.requests.access import requests_of

NEWEST: Final = ("-issued_on", "-id")
LATE: Final = ("-due_on", "-id")
MOST_CONTRACTS: Final = 500  # of one person, an agent of many


def contracts_seen(person: Person) -> list[Contract]:
    """Return the contracts whose bills and statement a person sees, by number."""
    return list(contracts_shown(person).order_by("number")[:MOST_CONTRACTS])


def bills_of(person: Person, *, contract: Contract | None = None) -> QuerySet[Bill]:
    """Return the bills that a person sees: of their contracts, and the fees of their requests."""
    if contract is not None:
        return Bill.objects.filter(of_present_holders([contract.pk]))
    contracts = [one.pk for one in contracts_seen(person)]
    requests = list(requests_of(person).values_list("pk", flat=True)[:MOST_CONTRACTS])
    return Bill.objects.filter(of_present_holders(contracts) | Q(request__in=requests))


def late_of(bills: QuerySet[Bill], *, on: date) -> QuerySet[Bill]:
    """Return those past their due date on a day; the index `bill_late` gives them in `LATE`.

    The 0 is written out: SQLite uses no partial index where it is a parameter.
    """
    remains = RawSQL(f'"{Bill._meta.db_table}"."remaining" > 0', (), BooleanField())  # noqa: S611
    return bills.filter(remains, due_on__lt=on)


def paid_too_much(bills: QuerySet[Bill]) -> QuerySet[Bill]:
    """Return those that were paid above their total; the index `bill_overpaid` gives them."""
    over = RawSQL(f'"{Bill._meta.db_table}"."overpaid" > 0', (), BooleanField())  # noqa: S611
    return bills.filter(over)


def due_of(bills: QuerySet[Bill]) -> int:
    """Return what remains to be paid of these bills, in centimes."""
    return int(bills.filter(remaining__gt=0).aggregate(sum=Sum("remaining"))["sum"] or 0)
