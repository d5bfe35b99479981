"""Lists over millions of rows walk an index; nothing is sorted and no table read as a whole."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet

from eservices.bills.listing import LATE, NEWEST, late_of
from eservices.bills.models import Bill
from eservices.contracts.customers import contracts_of_customer
from eservices.contracts.finding import contracts_found
from eservices.contracts.models import Contract
from eservices.payments.bank_models import BankLine
from eservices.payments.listing import payments_found
from eservices.payments.models import Payment
from eservices.readings.models import Reading
from eservices.relations.customers import Customer

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 27)


def lists() -> dict[str, "QuerySet[Any]"]:
    """Return each list as its page asks for it."""
    return {
        "contracts": Contract.objects.order_by("id"),
        "contracts of a sector": Contract.objects.filter(sector="S07").order_by("id"),
        "contracts of a state": Contract.objects.filter(status="closed").order_by("id"),
        "bills of a contract": Bill.objects.filter(contract=1).order_by(*NEWEST),
        "bills": Bill.objects.order_by("-id"),
        "late bills": late_of(Bill.objects.all(), on=DAY).order_by(*LATE),
        "payments": Payment.objects.order_by("-posted_at", "-id"),
        "payments above their bills": Payment.objects.filter(amount__gt=F("allocated")).order_by(
            "-posted_at", "-id"
        ),
        "bank lines done": BankLine.objects.filter(state="matched").order_by("-booked_on", "-id"),
        "readings that wait": Reading.objects.filter(state="received").order_by("made_at", "id"),
        "readings of a period": Reading.objects.filter(period="2026-11", state="approved").order_by(
            "id"
        ),
    }


@pytest.mark.parametrize("name", sorted(lists()))
def test_a_list_walks_an_index(name: str) -> None:
    if connection.vendor == "postgresql":  # a small table is read whole, unless that is dear
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_incremental_sort = off")
    plan = lists()[name][:26].explain()
    if connection.vendor == "sqlite":
        assert "USE TEMP B-TREE" not in plan, plan
        assert "USING" in plan or name in ("contracts", "bills"), plan
    else:
        assert "Sort" not in plan, plan
        assert "Seq Scan" not in plan, plan


SEARCHED = ["P-2026-1", "0612345678", "Bennis", "a@exemple.test"]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="small tables are read on PostgreSQL")
@pytest.mark.parametrize("words", SEARCHED)
def test_a_search_reads_no_table_as_a_whole(words: str) -> None:
    payments = payments_found(words).order_by("-posted_at", "-id")[:51].explain()
    contracts = contracts_found(words).order_by("id")[:51].explain()
    assert "SCAN payments_payment\n" not in f"{payments}\n", payments
    assert "SCAN contracts_contract\n" not in f"{contracts}\n", contracts
    assert "INDEX payment_newest" not in payments, payments  # walked to its end


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite's plans are told above")
@pytest.mark.parametrize("words", SEARCHED)
def test_postgresql_finds_by_index_as_well(words: str) -> None:
    customer = Customer(
        "person", "1", contracts=(words,), phones=("212612345678",), emails=(words,)
    )
    asked = {
        "payments": payments_found(words).order_by("-posted_at", "-id"),
        "contracts": contracts_found(words).order_by("id"),
        "of a customer": contracts_of_customer(customer),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for name, rows in asked.items():
        plan = rows[:51].explain()
        assert "Seq Scan" not in plan, f"{name}: {plan}"
        assert "SubPlan" not in plan, f"{name}: {plan}"  # asked of each row of an index
