"""Credits of bank files are set against bills once, or wait with proposals."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eservices.bills.models import Bill
from eservices.contracts.models import ImportRun
from eservices.payments import bank_import, journal
from eservices.payments.bank_import import take_bank_file
from eservices.payments.models import BankFile, BankLine, Channel, Payment
from eservices.payments.posting import AlreadyPaidError, Line, post_payment
from tests.eservices.bills.bills import a_bill, a_contract
from tests.eservices.payments.banks import ACCOUNT, camt, entry, mt940, transaction

pytestmark = pytest.mark.django_db


def credit(amount: str, reference: str = "", **more: Any) -> str:
    own = more.pop("own", "")
    return entry(amount, transaction(reference, **more), own=own)


def taken(*entries: str, **how: Any) -> dict[str, Any]:
    return take_bank_file(camt(*entries, **how), name="bank.xml").as_json()


def remaining(*bills: Bill) -> list[int]:
    return [Bill.objects.get(pk=bill.pk).remaining for bill in bills]


def bills_of(row: dict[str, Any]) -> list[list[tuple[str, str]]]:
    return [[(it["number"], it["amount"]) for it in one["bills"]] for one in row["proposals"]]


def test_an_exact_reference_and_amount_pay_the_bill() -> None:
    bill = a_bill(total=12840)
    told = taken(credit("128.40", bill.number, payer="Fatima Bennis", own="E1"))
    assert told == {"lines": 1, "matched": 1, "unmatched": []}
    payment = Payment.objects.get()
    assert (payment.channel, payment.amount, payment.payer) == (
        Channel.TRANSFER,
        12840,
        "Fatima Bennis",
    )
    assert remaining(bill) == [0]
    assert list(journal.check()) == []


@pytest.mark.parametrize("spelled", ["b000001", "RF09B000001", "RF09 B000 001"])
def test_a_reference_may_be_spelled_otherwise(spelled: str) -> None:
    bill = a_bill(total=100)
    assert bill.number == "B000001"
    assert taken(credit("1.00", spelled))["matched"] == 1


def test_a_creditor_reference_with_wrong_digits_is_none() -> None:
    a_bill(total=100)
    assert taken(credit("1.00", "RF48B000001"))["matched"] == 0


def test_several_bills_are_paid_by_one_credit() -> None:
    one, two = a_bill(total=100), a_bill(total=250)
    assert taken(credit("3.50", f"{one.number}|{two.number}"))["matched"] == 1
    assert remaining(one, two) == [0, 0]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["facture B000001, merci", "FACT B000 001", "REGLT (B000001) NOV 2026"]
)
def test_a_number_in_the_free_text_pays_when_the_amount_is_exact(text: str) -> None:
    bill = a_bill(total=100)
    assert taken(credit("1.00", text=text))["matched"] == 1
    assert remaining(bill) == [0]


def test_a_short_amount_waits_and_proposes_a_part() -> None:
    bill = a_bill(total=12840)
    told = taken(credit("100.00", bill.number))
    [row] = told["unmatched"]
    assert (told["matched"], row["reason"], row["line"]) == (0, "short", 1)
    assert bills_of(row) == [[(bill.number, "100.00")]]
    assert remaining(bill) == [12840]


def test_a_short_amount_pays_a_part_where_the_bill_allows_it() -> None:
    bill = a_bill(total=12840, partial=True)
    assert taken(credit("100.00", bill.number))["matched"] == 1
    assert remaining(bill) == [2840]


def test_an_excess_amount_waits_and_proposes_the_whole_bill() -> None:
    bill = a_bill(total=100)
    [row] = taken(credit("1.50", bill.number))["unmatched"]
    assert (row["reason"], bills_of(row)) == ("excess", [[(bill.number, "1.00")]])


def test_what_is_paid_already_waits_and_proposes_another_bill_of_the_contract() -> None:
    contract = a_contract()
    paid = a_bill(contract, total=100)
    other = a_bill(contract, total=100)
    post_payment([Line(paid.number, 100)], channel="cash", paid_at=paid.made_at)
    [row] = taken(credit("1.00", paid.number))["unmatched"]
    assert row["reason"] == "paid"
    assert [(other.number, "1.00")] in bills_of(row)
    assert Payment.objects.count() == 1


def test_an_unknown_reference_is_unmatched() -> None:
    a_bill(total=100)
    [row] = taken(credit("1.00", "UNKNOWN-1"))["unmatched"]
    assert (row["state"], row["reason"], row["proposals"]) == ("unmatched", "unknown", [])


def test_a_contract_number_proposes_its_bills() -> None:
    contract = a_contract("1000001")
    one = a_bill(contract, total=100, due_on="2026-10-01")
    two = a_bill(contract, total=250, due_on="2026-11-01")
    [row] = taken(credit("3.50", text="contrat 1000001"))["unmatched"]
    assert bills_of(row) == [[(one.number, "1.00"), (two.number, "2.50")]]
    [row] = taken(credit("2.50", text="contrat 1000001"))["unmatched"]
    assert bills_of(row) == [[(two.number, "2.50")]]


def test_an_account_that_paid_before_proposes_bills_of_the_same_contract() -> None:
    contract = a_contract()
    first, next_ = a_bill(contract, total=100), a_bill(contract, total=200)
    taken(credit("1.00", first.number, account=ACCOUNT))
    [row] = taken(credit("2.00", "", text="virement", account=ACCOUNT))["unmatched"]
    assert row["proposals"] == [
        {"bills": [{"number": next_.number, "amount": "2.00"}], "why": "account_amount"}
    ]


def test_another_currency_and_a_reversal_are_never_posted() -> None:
    bill = a_bill(total=100)
    part = transaction(bill.number)
    told = taken(entry("1.00", part, currency="EUR"), entry("1.00", part, reversal="1"))
    assert [row["reason"] for row in told["unmatched"]] == ["currency", "reversal"]
    assert remaining(bill) == [100]


def test_the_same_file_and_the_same_entry_in_other_files_count_once() -> None:
    bill, other = a_bill(total=100), a_bill(total=200)
    one = credit("1.00", bill.number, own="E1")
    unknown = credit("7.00", "X", own="E2")
    first = taken(one, unknown)
    assert taken(one, unknown) == first
    again = taken(one, unknown, credit("2.00", other.number, own="E3"), kind="054")
    assert (again["lines"], again["matched"], len(again["unmatched"])) == (3, 2, 1)
    line = f"2611271127C1,00NTRF{bill.number}//E1"
    swift = take_bank_file(mt940((line, "")), name="bank.sta").as_json()
    assert (swift["lines"], swift["matched"]) == (1, 1)
    assert Payment.objects.count() == 2
    assert BankLine.objects.count() == 3
    assert BankFile.objects.count() == 3
    assert list(journal.check()) == []


def test_a_file_that_is_known_asks_as_much_for_two_credits_as_for_nine() -> None:
    asked = []
    for count in (2, 9):
        rows = [credit(f"{at}.00", f"X{at}", own=f"E{count}-{at}") for at in range(1, count + 1)]
        rows += [entry("9.00", transaction("Z"), own="D", way="DBIT", reversal="1")]
        taken(*rows)
        with CaptureQueriesContext(connection) as queries:
            taken(*rows)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_whole_of_an_entry_gives_way_to_its_parts() -> None:
    one, two = a_bill(total=100), a_bill(total=200)
    [row] = taken(entry("3.00", own="E1"))["unmatched"]
    assert row["reason"] == "unknown"
    parts = [transaction(one.number, amount="1.00"), transaction(two.number, amount="2.00")]
    assert taken(entry("3.00", *parts, own="E1"), kind="054")["matched"] == 2
    assert BankLine.objects.get(why="detailed").state == BankLine.State.ASIDE
    told = taken(entry("3.00", own="E1"), credit("9.00", own="E2"))
    assert BankLine.objects.count() == 4
    assert told["lines"] == 2
    assert Payment.objects.count() == 2


def test_a_file_that_was_broken_off_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = a_bill(total=100), a_bill(total=200)
    content = camt(credit("1.00", one.number, own="E1"), credit("2.00", two.number, own="E2"))
    settle = bank_import.settle

    def broken(line: BankLine, *args: Any, **more: Any) -> None:
        if line.position == 2:
            raise KeyboardInterrupt
        settle(line, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(bank_import, "settle", broken)
        with pytest.raises(KeyboardInterrupt):
            take_bank_file(content, name="bank.xml")
    assert remaining(one, two) == [0, 200]
    run = ImportRun.objects.get()
    assert (run.ended_at is not None, run.problem) == (True, "failed")
    assert take_bank_file(content, name="bank.xml").as_json()["matched"] == 2
    assert remaining(one, two) == [0, 0]


def test_a_bill_that_is_paid_at_this_moment_becomes_a_proposal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bill = a_bill(total=100)

    def late(*_args: Any, **_more: Any) -> Payment:
        raise AlreadyPaidError(bill.number)

    monkeypatch.setattr(bank_import, "post_payment", late)
    [row] = taken(credit("1.00", bill.number))["unmatched"]
    assert (row["state"], row["reason"]) == ("proposed", "again")


def test_the_command_answers_in_json_and_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    bill = a_bill(total=100)
    path = tmp_path / "bank.xml"
    path.write_bytes(camt(credit("1.00", bill.number), credit("5.00", "X")))
    out = io.StringIO()
    call_command("import_bank_file", str(path), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert set(told) == {"lines", "matched", "unmatched"}
    assert (told["lines"], told["matched"], len(told["unmatched"])) == (2, 1, 1)
    path.write_bytes(b"none")
    with pytest.raises(CommandError) as refused:
        call_command("import_bank_file", str(path), "--json")
    assert refused.value.returncode == 2
