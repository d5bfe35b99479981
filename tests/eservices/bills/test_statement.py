"""The statement of account balances to the centime, whatever came in which order."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from eservices.bills.models import Allocation, Bill, PaymentExport
from eservices.bills.remaining import held, mark_exported, refresh
from eservices.bills.statement import statement_of
from eservices.bills.statement_paper import as_csv, as_pdf
from eservices.money import centimes
from tests.eservices.bills.bills import a_bill, a_contract
from tests.eservices.bills.tables import imported, line, run_json

DAY: Final = date(2026, 1, 1)
STEPS: Final = st.lists(
    st.tuples(
        st.sampled_from(["bill", "told", "paid", "back", "export", "credit"]),
        st.integers(0, 3),
        st.integers(0, 20_000),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.django_db
@settings(max_examples=40)
@given(steps=STEPS)
def test_the_balance_is_what_remains(tmp_path_factory: Any, steps: list[Any]) -> None:
    """After any steps: opening and movements are the balance, which is what remains."""
    folder = tmp_path_factory.mktemp("bills")
    with transaction.atomic():
        contract = a_contract()
        for step, which, amount in steps:
            _do(step, which, amount, folder)
            _balances(contract)
        transaction.set_rollback(True)


def _do(step: str, which: int, amount: int, folder: Path) -> None:
    number = f"F{which}"
    bill = Bill.objects.filter(number=number).first()
    if step in ("bill", "credit") and bill is None:
        total = -amount - 1 if step == "credit" else amount + 1
        values = {"total": _text(total), "remaining": _text(total * (which + 1) // 4)}
        imported(folder, line(number=number, **values))
    elif step == "told" and bill:
        remaining = amount % (abs(bill.total) + 1) * (1 if bill.total > 0 else -1)
        imported(folder, line(number=number, total=_text(bill.total), remaining=_text(remaining)))
    elif step == "paid" and bill and bill.remaining > 0:
        _allocate(bill, amount % bill.remaining + 1)
    elif step == "back" and bill and (paid := _paid(bill)):
        _allocate(bill, -(amount % paid + 1))
    elif step == "export":
        export = PaymentExport.objects.create(made_at=timezone.now())
        mark_exported(Allocation.objects.all(), export)


def _allocate(bill: Bill, amount: int) -> None:
    Allocation.objects.create(bill=bill, receipt="R/2026/1", amount=amount, at=timezone.now())
    refresh(held(Bill.objects.filter(pk=bill.pk)))


def _paid(bill: Bill) -> int:
    return sum(Allocation.objects.filter(bill=bill).values_list("amount", flat=True))


def _text(amount: int) -> str:
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def _balances(contract: Any) -> None:
    whole = statement_of(contract)
    assert whole.opening + sum(one.amount for one in whole.movements) == whole.balance
    assert whole.balance == sum(_balance(bill) for bill in Bill.objects.filter(contract=contract))
    for bill in Bill.objects.filter(contract=contract, total__gt=0):
        assert 0 <= bill.remaining <= bill.total
        assert bill.remaining == max(0, _balance(bill))
    middle = timezone.localdate()
    before = statement_of(contract, until=middle - timedelta(days=1))
    after = statement_of(contract, since=middle)
    assert (before.balance, after.balance) == (after.opening, whole.balance)
    assert len(before.movements) + len(after.movements) == len(whole.movements)


def _balance(bill: Bill) -> int:
    settled = sum(bill.settled.values_list("amount", flat=True))
    return bill.total - settled - _paid(bill)


@pytest.mark.django_db
def test_the_command_tells_opening_movements_and_balance() -> None:
    """As decimal text, by day; what lies before the first day is the opening."""
    contract = a_contract()
    a_bill(contract, 12840, number="F1", issued_on=DAY)
    a_bill(contract, 5005, number="F2", issued_on=DAY + timedelta(days=40))
    a_bill(a_contract("1000002"), 99999, number="OTHER", issued_on=DAY)
    told = run_json("statement", "1000001")
    assert told.pop("exit") == 0
    assert set(told) == {"opening", "movements", "balance"}
    assert (told["opening"], told["balance"]) == ("0.00", "178.45")
    assert told["movements"][0] == {
        "date": "2026-01-01", "kind": "bill", "reference": "F1", "bill": "F1",
        "amount": "128.40", "balance": "128.40",
    }  # fmt: skip
    later = run_json("statement", "01000001", "--from", "2026-02-01")
    assert (later["opening"], later["balance"]) == ("128.40", "178.45")
    assert [one["reference"] for one in later["movements"]] == ["F2"]


@pytest.mark.django_db
def test_no_such_contract_is_an_error() -> None:
    """With exit code 2."""
    with pytest.raises(CommandError) as wrong:
        call_command("statement", "999", "--json")
    assert wrong.value.returncode == 2


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_paper_and_table_say_the_same(tmp_path: Path, language: str) -> None:
    """The table sums up to the balance, and defuses what a spreadsheet takes for a formula."""
    contract = a_contract()
    a_bill(contract, 12840, number="=F1", issued_on=DAY)
    found = statement_of(contract)
    rows = list(
        csv.reader(io.StringIO(as_csv(found, language=language).decode("utf-8-sig")), delimiter=";")
    )
    assert rows[2][2] == "'=F1"
    assert sum(centimes(row[4]) for row in rows[2:-1]) == centimes(rows[-1][5]) == 12840
    assert as_pdf(found, language=language).startswith(b"%PDF")
