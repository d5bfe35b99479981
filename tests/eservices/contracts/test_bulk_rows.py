"""Rows written in bulk are those that Django's bulk_create writes, column for column."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from eservices.bills.models import Bill, Settled
from eservices.contracts.bulk_rows import insert_rows
from eservices.contracts.models import Contract, ContractEvent, ContractName, ImportRun, Meter
from tests.eservices.contracts.contracts import a_contract

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 9, 30, 1, 123456, tzinfo=UTC)


def stored(model: type[models.Model]) -> list[tuple[Any, ...]]:
    """Return all columns but the id as the database tells them, with their types on SQLite."""
    names = [one.column for one in model._meta.concrete_fields if not one.primary_key]
    quoted = [connection.ops.quote_name(name) for name in names]
    if connection.vendor == "sqlite":
        quoted += [f"typeof({name})" for name in quoted]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(quoted)} FROM {model._meta.db_table} ORDER BY id")  # noqa: S608
        return list(cursor.fetchall())


def same_both_ways(
    model: type[models.Model], columns: list[str], rows: list[tuple[Any, ...]]
) -> None:
    model._default_manager.all().delete()
    model._default_manager.bulk_create(
        [model(**dict(zip(columns, row, strict=True))) for row in rows]
    )
    expected = stored(model)
    model._default_manager.all().delete()
    insert_rows(model, columns, rows)
    assert len(expected) == len(rows)
    assert stored(model) == expected


def test_contracts_with_json_arabic_and_none() -> None:
    columns = ["number", "number_key", "customer_name", "services", "opened_on", "closed_on"]
    same_both_ways(
        Contract,
        [*columns, "status", "made_at", "changed_at"],
        [
            ("1", "1", "أمينة\t\\N", ["water"], date(2019, 1, 2), None, "active", NOW, NOW),
            ("2", "2", 'O"Neil\n', [], None, date(2020, 2, 29), Contract.Status.CLOSED, NOW, NOW),
        ],
    )


def test_bills_with_their_defaults_and_what_was_settled() -> None:
    contract = a_contract()
    columns = [
        *("number", "kind", "contract_id", "issued_on", "due_on", "index", "estimated"),
        *("total", "billed", "remaining", "told_at", "made_at", "changed_at"),
    ]
    rows = [
        ("B1", Bill.Kind.INVOICE, contract.pk, date(2026, 1, 1), None, 7, True, 5, 5, 5, None),
        (
            "B2",
            Bill.Kind.CREDIT,
            contract.pk,
            date(2026, 1, 1),
            NOW.date(),
            None,
            False,
            -5,
            0,
            0,
            NOW,
        ),
    ]
    same_both_ways(Bill, columns, [(*row, NOW, NOW) for row in rows])
    bill = Bill.objects.get(number="B1")
    settled = [(bill.pk, date(2026, 1, 1), -12840, NOW), (bill.pk, date(2026, 1, 2), 1, NOW)]
    same_both_ways(Settled, ["bill_id", "on", "amount", "at"], settled)


def test_meters_names_and_events() -> None:
    contract = a_contract()
    columns = ["serial", "serial_key", "contract_id", "service", "last_index"]
    meter = ("A 1", "a1", contract.pk, "water", None, NOW, NOW)
    same_both_ways(Meter, [*columns, "made_at", "changed_at"], [meter])
    same_both_ways(ContractName, ["contract_id", "key"], [(contract.pk, "بنموسى")])
    event = (contract.pk, NOW, "changed", {"قبل": ["a", None]})
    same_both_ways(ContractEvent, ["contract_id", "at", "kind", "data"], [event])
    same_both_ways(ContractEvent, ["contract_id", "at", "kind"], [event[:3]])


def test_a_key_that_is_made_of_each_row_differs() -> None:
    insert_rows(ImportRun, ["kind", "started_at"], [("bills", NOW), ("bills", NOW)])
    assert ImportRun.objects.filter(started_at=NOW, problem_data={}).count() == 2


def test_a_row_that_is_there_breaks_the_whole() -> None:
    key = a_contract().number_key
    row = ("new", "new", "X", NOW, NOW)
    columns = ["number", "number_key", "customer_name", "made_at", "changed_at"]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Contract, columns, [row, ("same", key, "X", NOW, NOW)])
    assert not Contract.objects.filter(number_key="new").exists()


def test_no_rows_are_no_harm() -> None:
    insert_rows(ContractName, ["contract_id", "key"], [])
    assert not ContractName.objects.exists()


def test_rows_may_ask_the_database_while_they_are_made() -> None:
    contract = a_contract()

    def rows() -> Iterator[tuple[Any, ...]]:
        yield (Contract.objects.get(pk=contract.pk).pk, "bennis")

    insert_rows(ContractName, ["contract_id", "key"], rows())
    assert ContractName.objects.filter(contract=contract, key="bennis").count() == 1
