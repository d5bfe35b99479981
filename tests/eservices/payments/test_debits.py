"""Direct debits: mandates, a run as pain.008, what the bank says of it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sepaxml  # type: ignore[import-untyped]
from defusedxml import ElementTree
from django.utils import timezone
from lxml import etree  # type: ignore[import-untyped]

from eservices.bills.models import Bill
from eservices.payments import journal
from eservices.payments.bank_import import take_bank_file
from eservices.payments.bank_lines import take_proposal
from eservices.payments.debits import DebitError, end_mandate, make_mandate, make_run, send_back
from eservices.payments.models import BankLine, DebitLine, DebitMandate, DebitRun, Payment
from eservices.payments.posting import Line, post_payment
from eservices.payments.refunds import ask_refund, refundable, waits_for_refund
from eservices.payments.returned import take_returned_back
from registry.files.vault import get_vault
from registry.states import ConflictError
from tests.eservices.bills.bills import a_bill, a_contract
from tests.eservices.payments.banks import camt, entry, transaction
from tests.eservices.payments.office import RIB, staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _account(settings: Any) -> None:
    settings.BANK_ACCOUNT = RIB


def mandate(number: str = "1000001", **more: Any) -> DebitMandate:
    given = {"account": RIB, "holder": "Fatima Bennis", "signed_on": TODAY, "by": None, **more}
    return make_mandate(a_contract(number), **given)


def run() -> DebitRun:
    return make_run(collect_on=timezone.localdate() + timedelta(days=5), by=staff())


def due(number: str = "1000001", total: int = 100, **more: Any) -> Bill:
    return a_bill(a_contract(number), total=total, due_on=timezone.localdate(), **more)


def test_a_run_holds_what_is_due_of_contracts_with_a_mandate_once() -> None:
    mandate()
    bill = due(total=12840)
    due("1000002")
    a_bill(a_contract(), total=5, due_on=timezone.localdate() + timedelta(days=60))
    made = run()
    assert (made.count, made.total) == (1, 12840)
    assert [line.bill for line in made.lines.all()] == [bill]
    with pytest.raises(DebitError) as refused:
        run()
    assert refused.value.code == "nothing"
    bill.refresh_from_db()
    assert bill.remaining == 12840


def test_the_file_names_debits_mandates_accounts_and_sums() -> None:
    signed = mandate()
    due(total=12840)
    due(total=160)
    made = run()
    assert made.file is not None
    with get_vault().open(made.file.sha256) as stream:
        root = ElementTree.fromstring(stream.read())
    names = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.02"}

    def texts(path: str) -> list[str]:
        return [str(found.text) for found in root.iterfind(f".//p:{path}", names)]

    assert texts("CtrlSum") == ["130.00", "130.00"]
    assert texts("InstdAmt") == ["128.40", "1.60"]
    assert texts("MndtId") == [signed.reference] * 2
    assert len(set(texts("EndToEndId"))) == 2


@pytest.mark.parametrize("identifier", ["", "MA99ZZZ001"])
def test_the_file_is_valid_by_its_schema(settings: Any, identifier: str) -> None:
    settings.CREDITOR_ID = identifier
    mandate(holder="Fatima Bennis & fils, الرباط " + "x" * 150)
    due(total=12840)
    due(total=160)
    made = run()
    assert made.file is not None
    name = Path(sepaxml.__file__).parent / "schemas" / "pain.008.001.02.xsd"
    schema = etree.XMLSchema(etree.parse(name))
    with get_vault().open(made.file.sha256) as stream:
        schema.assertValid(etree.parse(stream))


def test_the_bank_s_file_collects_a_debit_and_sends_it_back() -> None:
    mandate()
    bill = due(total=12840)
    [line] = run().lines.all()
    part = transaction(end_to_end=line.reference)
    taken = take_bank_file(camt(entry("128.40", part, own="E1")), name="bank.xml")
    line.refresh_from_db()
    bill.refresh_from_db()
    assert (taken.matched, line.state, bill.remaining) == (1, "paid", 0)
    assert Payment.objects.get().channel == "debit"
    back = camt(entry("128.40", part, own="E2", way="DBIT"))
    for _twice in range(2):
        take_bank_file(back, name="back.xml")
    line.refresh_from_db()
    bill.refresh_from_db()
    assert (line.state, bill.remaining) == ("returned", 12840)
    assert run().count == 1
    assert list(journal.check()) == []


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_debit_that_comes_back_once_more_waits_for_a_person(by_hand: bool) -> None:
    [line] = collected(100)
    if by_hand:
        send_back(line, reason="R", by=None)
    part = transaction(end_to_end=line.reference)
    for own, waiting in (("R1", 0), ("R1", 0), ("R2", 1), ("R2", 1), ("R1", 0)):
        back = camt(entry("1.00", part, own=own, way="DBIT"))
        assert len(take_bank_file(back, name="back.xml").unmatched) == waiting
    assert owed() == [100]
    assert BankLine.objects.get(state="returned").amount == -100
    assert list(journal.check()) == []


def test_a_debit_that_never_came_is_sent_back_and_owed() -> None:
    mandate()
    due()
    [line] = run().lines.all()
    part = transaction(end_to_end=line.reference)
    take_bank_file(camt(entry("1.00", part, own="E2", way="DBIT")), name="back.xml")
    assert DebitLine.objects.get().state == "returned"
    assert not Payment.objects.exists()


def test_a_contract_has_one_mandate_and_an_ended_one_debits_nothing() -> None:
    signed = mandate()
    with pytest.raises(DebitError) as refused:
        mandate()
    assert refused.value.code == "mandate_there"
    end_mandate(signed, by=None)
    due()
    with pytest.raises(DebitError):
        run()
    mandate()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"account": "123"}, "account"),
        ({"holder": " "}, "holder"),
        ({"signed_on": date(2999, 1, 1)}, "signed_on"),
    ],
)
def test_a_wrong_mandate_is_refused(more: dict[str, Any], code: str) -> None:
    with pytest.raises(DebitError) as refused:
        mandate(**more)
    assert refused.value.code == code


def test_without_an_account_of_our_own_no_run_is_made(settings: Any) -> None:
    settings.BANK_ACCOUNT = ""
    mandate()
    due()
    with pytest.raises(DebitError) as refused:
        run()
    assert refused.value.code == "creditor"


def collected(*totals: int) -> list[DebitLine]:
    """Return debits that the bank has collected."""
    mandate()
    for total in totals:
        due(total=total)
    lines = list(run().lines.order_by("pk"))
    rows = [
        entry(f"{line.amount / 100:.2f}", transaction(end_to_end=line.reference), own=f"E{line.pk}")
        for line in lines
    ]
    assert take_bank_file(camt(*rows), name="bank.xml").matched == len(totals)
    return lines


def owed() -> list[int]:
    return list(Bill.objects.order_by("total").values_list("remaining", flat=True))


def test_a_part_of_a_debit_that_comes_back_waits_for_a_person() -> None:
    [line] = collected(100)
    part = entry("0.40", transaction(end_to_end=line.reference), own="R1", way="DBIT")
    told = take_bank_file(camt(part), name="back.xml").as_json()
    assert [row["reason"] for row in told["unmatched"]] == ["returned_part"]
    assert owed() == [0]
    take_returned_back(BankLine.objects.get(amount=-40).pk, by=staff("samira", role="head"))
    line.refresh_from_db()
    assert (owed(), line.state) == ([40], "paid")
    assert list(journal.check()) == []


def test_debits_that_come_back_as_one_entry_without_amounts_wait_together() -> None:
    lines = collected(100, 200)
    parts = [transaction(end_to_end=line.reference) for line in lines]
    back = camt(entry("3.00", *parts, own="R1", way="DBIT"))
    told = take_bank_file(back, name="back.xml").as_json()
    assert [row["reason"] for row in told["unmatched"]] == ["returned_batch"]
    take_returned_back(BankLine.objects.get(amount=-300).pk, by=staff("samira", role="head"))
    assert owed() == [100, 200]
    assert set(DebitLine.objects.values_list("state", flat=True)) == {"returned"}
    assert list(journal.check()) == []


def test_a_debit_of_which_a_refund_is_asked_for_waits_and_the_file_goes_on() -> None:
    one, two = collected(100, 200)
    ask_refund(
        amount=100, reason="R", way="transfer", account=RIB, by=staff(),
        payment=Payment.objects.get(amount=100),
    )  # fmt: skip
    rows = [
        entry(f"{line.amount / 100:.2f}", transaction(end_to_end=line.reference), way="DBIT")
        for line in (one, two)
    ]
    told = take_bank_file(camt(*rows), name="back.xml").as_json()
    assert [row["amount"] for row in told["unmatched"]] == ["-1.00"]
    assert owed() == [0, 200]
    assert list(journal.check()) == []


def paid_meanwhile() -> tuple[DebitLine, str]:
    """Return a debit whose bill was paid by card before it came, and its part of a bank's file."""
    mandate()
    bill = due(total=12840)
    [line] = run().lines.all()
    post_payment([Line(bill.number, 12840)], channel="card", paid_at=timezone.now())
    part = transaction(end_to_end=line.reference)
    take_bank_file(camt(entry("128.40", part, own="E1")), name="bank.xml")
    return line, part


def test_a_debit_kept_as_paid_too_much_that_comes_back_is_not_refunded() -> None:
    line, part = paid_meanwhile()
    credit = BankLine.objects.get()
    assert (credit.state, credit.why) == ("proposed", "paid")
    payment = take_proposal(credit.pk, 0, by=staff())
    line.refresh_from_db()
    assert (payment.channel, waits_for_refund(payment), line.state) == ("debit", 12840, "paid")
    take_bank_file(camt(entry("128.40", part, own="E2", way="DBIT")), name="back.xml")
    line.refresh_from_db()
    assert (line.state, refundable(payment), waits_for_refund(payment)) == ("returned", 0, 0)
    assert Bill.objects.get().remaining == 0
    assert list(journal.check()) == []


def test_a_debit_that_waits_when_it_comes_back_is_decided_together() -> None:
    line, part = paid_meanwhile()
    take_bank_file(camt(entry("128.40", part, own="E2", way="DBIT")), name="back.xml")
    credit, back = BankLine.objects.order_by("pk")
    assert (back.state, back.returns) == ("returned", credit)
    with pytest.raises(ConflictError):
        take_proposal(credit.pk, 0, by=staff())
    take_returned_back(back.pk, by=staff("samira", role="head"))
    credit.refresh_from_db()
    line.refresh_from_db()
    assert (credit.state, line.state, Payment.objects.count()) == ("aside", "returned", 1)
    assert Bill.objects.get().remaining == 0
