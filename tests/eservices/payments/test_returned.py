"""Credits that the bank takes back: kept, shown with the payment, decided by a person, once."""

from typing import Any

import pytest
from django.db.models import Sum

from eservices.bills.models import Allocation, Bill
from eservices.payments import journal
from eservices.payments.bank_import import take_bank_file
from eservices.payments.bank_lines import match_again, take_bills
from eservices.payments.models import BankFile, BankLine, Payment, Refund
from eservices.payments.refunds import RefundError, ask_refund
from eservices.payments.returned import is_gone, set_returned_aside, take_returned_back
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from tests.eservices.bills.bills import a_bill
from tests.eservices.payments.banks import ACCOUNT, camt, entry, mt940, transaction
from tests.eservices.payments.office import RIB, staff

pytestmark = pytest.mark.django_db
RETURN_INFO = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Compte clos</AddtlInf></RtrInf>"


def taken(*entries: str, **how: Any) -> dict[str, Any]:
    return take_bank_file(camt(*entries, **how), name="bank.xml").as_json()


def credited(bill: Bill, *, own: str = "E1", **more: Any) -> None:
    amount = f"{bill.total / 100:.2f}"
    assert taken(entry(amount, transaction(bill.number, **more), own=own))["matched"] == 1


def back(amount: str, *, own: str = "E1", **more: Any) -> str:
    return entry(amount, transaction(**more), own=own, way="DBIT", reversal="1")


def remaining(bill: Bill) -> int:
    return Bill.objects.get(pk=bill.pk).remaining


def returned() -> BankLine:
    return BankLine.objects.get(amount__lt=0)


def test_a_credit_that_is_taken_back_waits_for_a_person() -> None:
    bill = a_bill(total=12840)
    credited(bill, payer="Fatima Bennis")
    told = taken(back("128.40"))
    assert set(told) == {"lines", "matched", "unmatched"}
    [row] = told["unmatched"]
    assert (told["lines"], told["matched"]) == (1, 0)
    assert (row["amount"], row["state"], row["reason"]) == ("-128.40", "returned", "returned")
    assert returned().returns == BankLine.objects.get(amount=12840)
    assert remaining(bill) == 0
    assert Refund.objects.count() == 0


def test_one_who_decides_takes_the_payment_back_once() -> None:
    bill = a_bill(total=12840)
    credited(bill)
    taken(back("128.40", text="Compte clos"))
    head = staff("samira", role="head")
    line = take_returned_back(returned().pk, by=head)
    refund = Refund.objects.get()
    assert (refund.state, refund.amount, refund.paid_by) == (Refund.State.PAID, 12840, head)
    assert "Compte clos" in refund.reason
    assert (line.state, line.refund) == (BankLine.State.TAKEN_BACK, refund)
    assert remaining(bill) == 12840
    assert Allocation.objects.filter(bill=bill).aggregate(sum=Sum("amount")) == {"sum": 0}
    assert list(journal.check()) == []
    with pytest.raises(ConflictError):
        take_returned_back(line.pk, by=head)
    [row] = taken(back("128.40", text="Compte clos"))["unmatched"]
    assert row["state"] == "taken_back"
    assert Refund.objects.count() == 1


def test_the_same_return_in_other_files_is_one() -> None:
    bill = a_bill(total=100)
    credited(bill)
    first = taken(back("1.00"))
    assert taken(back("1.00")) == first
    assert taken(back("1.00"), kind="054")["unmatched"][0]["reason"] == "returned"
    swift = take_bank_file(mt940(("2611271127RC1,00NTRFNONREF//E1", "")), name="b.sta").as_json()
    assert (swift["lines"], len(swift["unmatched"])) == (1, 1)
    assert BankLine.objects.count() == 2


def test_both_in_one_file() -> None:
    bill = a_bill(total=100)
    told = taken(entry("1.00", transaction(bill.number), own="E1"), back("1.00"))
    assert (told["lines"], told["matched"]) == (2, 1)
    assert [row["reason"] for row in told["unmatched"]] == ["returned"]


def test_a_return_of_a_transaction_is_found_by_what_is_alike() -> None:
    bill, other = a_bill(total=100), a_bill(total=100)
    credited(other, own="E1", account=RIB, payer="Karim Tahiri")
    credited(bill, own="E2", payer="Fatima Bennis")
    part = transaction(payer="Fatima Bennis", text="retour").replace(
        "</TxDtls>", f"{RETURN_INFO}</TxDtls>"
    )
    [row] = taken(entry("1.00", part, own="R9", way="DBIT"))["unmatched"]
    assert row["reason"] == "returned_alike"
    assert "AC04 Compte clos" in row["text"]
    credit = returned().returns
    assert credit is not None
    assert credit.payer == "Fatima Bennis"


def test_a_return_whose_parties_are_turned_is_found() -> None:
    bill = a_bill(total=100)
    credited(bill, account=RIB)
    turned = (
        f"<DbtrAcct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id></DbtrAcct>"
        f"<CdtrAcct><Id><Othr><Id>{RIB}</Id></Othr></Id></CdtrAcct></RltdPties>"
    )
    row = back("1.00", own="R1").replace("</RltdPties>", turned)
    assert taken(row)["unmatched"][0]["reason"] == "returned_alike"


def test_a_code_of_the_bank_says_that_it_is_a_return() -> None:
    code = "<BkTxCd><Domn><Fmly><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>"
    row = entry("1.00", own="E1", way="DBIT").replace("<NtryDtls>", code)
    assert taken(row)["unmatched"][0]["reason"] == "returned_unknown"


def test_mt940_marks_a_credit_that_is_taken_back() -> None:
    bill = a_bill(total=100)
    first = mt940((f"2611271127C1,00NTRF{bill.number}//E1", ""))
    assert take_bank_file(first, name="a.sta").matched == 1
    second = mt940(("2611271127RC1,00NTRFNONREF//E1", "retour"), ("2611271127D9,00NTRFX//E2", ""))
    told = take_bank_file(second, name="b.sta").as_json()
    assert told["lines"] == 1
    assert [row["reason"] for row in told["unmatched"]] == ["returned"]
    assert BankFile.objects.get(name="b.sta").debits == 1
    take_returned_back(returned().pk, by=staff("samira", role="head"))
    assert remaining(bill) == 100


def test_an_unknown_return_is_looked_for_again_or_set_aside() -> None:
    bill = a_bill(total=100)
    head = staff("samira", role="head")
    [row] = taken(back("1.00"))["unmatched"]
    assert row["reason"] == "returned_unknown"
    with pytest.raises(ConflictError):
        take_returned_back(returned().pk, by=head)
    set_returned_aside(returned().pk, remark="Not ours", by=head)
    credited(bill)
    assert match_again(returned().pk, by=head).why == "returned"
    assert remaining(bill) == 0


def test_other_debits_are_counted_alone() -> None:
    told = taken(entry("9.00", transaction(text="Frais"), own="E1", way="DBIT"))
    assert told == {"lines": 0, "matched": 0, "unmatched": []}
    assert BankFile.objects.get().debits == 1


def test_a_credit_that_was_taken_back_pays_no_bill_any_more() -> None:
    bill = a_bill(total=100)
    head = staff("samira", role="head")
    taken(entry("7.00", transaction("X"), own="E1"))
    [row] = taken(back("7.00"))["unmatched"]
    assert row["reason"] == "returned_unmatched"
    credit = BankLine.objects.get(amount__gt=0)
    with pytest.raises(ConflictError):
        take_bills(credit.pk, [bill.number], by=head)
    assert take_returned_back(returned().pk, by=head).refund is None
    credit.refresh_from_db()
    assert credit.state == BankLine.State.ASIDE
    with pytest.raises(ConflictError):
        match_again(credit.pk, by=head)


def test_who_does_not_decide_on_refunds_takes_nothing_back() -> None:
    bill = a_bill(total=100)
    credited(bill)
    taken(back("1.00"))
    clerk = staff("rachid")
    with pytest.raises(NotAllowedError):
        take_returned_back(returned().pk, by=clerk)
    with pytest.raises(NotAllowedError):
        set_returned_aside(returned().pk, remark="X", by=clerk)
    assert remaining(bill) == 0


def test_a_payment_that_is_asked_back_is_not_taken_back_twice() -> None:
    bill = a_bill(total=100)
    credited(bill)
    taken(back("1.00"))
    ask_refund(
        amount=100, reason="R", way="transfer", account=RIB, payment=Payment.objects.get(),
        by=staff("rachid"),
    )  # fmt: skip
    with pytest.raises(RefundError):
        take_returned_back(returned().pk, by=staff("samira", role="head"))
    assert returned().state == BankLine.State.RETURNED


def test_a_part_of_a_credit_is_taken_back() -> None:
    one, two = a_bill(total=100), a_bill(total=300)
    both = f"{one.number}|{two.number}"
    assert taken(entry("4.00", transaction(both, payer="Fatima Bennis"), own="E1"))["matched"] == 1
    [row] = taken(back("1.00", own="R1", reference=one.number))["unmatched"]
    assert row["reason"] == "returned_part"
    head = staff("samira", role="head")
    line = take_returned_back(returned().pk, by=head)
    assert line.refund is not None
    assert (line.refund.amount, remaining(one), remaining(two)) == (100, 100, 0)
    taken(back("3.00", own="E1"))
    take_returned_back(BankLine.objects.get(amount=-300).pk, by=head)
    assert (remaining(one), remaining(two)) == (100, 300)
    [row] = taken(back("1.00", own="E1"))["unmatched"]
    assert row["reason"] == "returned_unknown"  # nothing of the credit is left
    assert list(journal.check()) == []


def test_a_part_of_a_credit_that_paid_nothing_waits_until_the_credit_is_matched() -> None:
    bill = a_bill(total=700)
    head = staff("samira", role="head")
    taken(entry("7.00", transaction("X"), own="E1"))
    taken(back("2.00"))
    with pytest.raises(RefundError):
        take_returned_back(returned().pk, by=head)
    take_bills(BankLine.objects.get(amount=700).pk, [bill.number], by=head)
    take_returned_back(returned().pk, by=head)
    assert remaining(bill) == 200
    assert list(journal.check()) == []


def batch(*parts: str, amount: str = "3.00", **more: str) -> str:
    return entry(amount, *parts, **{"own": "E1", **more})


def credited_batch() -> tuple[Bill, Bill]:
    one, two = a_bill(total=100), a_bill(total=200)
    parts = [
        transaction(one.number, amount="1.00", end_to_end="C1"),
        transaction(two.number, amount="2.00", end_to_end="C2"),
    ]
    assert taken(batch(*parts))["matched"] == 2
    return one, two


@pytest.mark.parametrize(
    "again",
    [
        batch(way="DBIT", reversal="1"),  # by the bank's reference of the entry
        batch(
            transaction(end_to_end="C1"),
            transaction(end_to_end="C2"),
            own="R1",
            way="DBIT",
            reversal="1",
        ),
    ],
)
def test_a_whole_batch_is_taken_back_at_once(again: str) -> None:
    one, two = credited_batch()
    [row] = taken(again)["unmatched"]
    assert row["reason"] == "returned_batch"
    line = returned()
    assert (line.returns, line.batch.count()) == (None, 2)
    assert all(is_gone(credit) for credit in BankLine.objects.filter(amount__gt=0))
    take_returned_back(line.pk, by=staff("samira", role="head"))
    assert (remaining(one), remaining(two)) == (100, 200)
    assert Refund.objects.count() == 2
    assert list(journal.check()) == []
    assert [row["state"] for row in taken(again)["unmatched"]] == ["taken_back"]


def test_one_transaction_of_a_batch_is_taken_back_by_its_name() -> None:
    one, two = credited_batch()
    parts = [
        transaction(amount="2.00", end_to_end="C2"),
        transaction(amount="5.00", end_to_end="C9"),
    ]
    told = taken(batch(*parts, amount="7.00", own="R1", way="DBIT", reversal="1"))
    assert [row["reason"] for row in told["unmatched"]] == ["returned_alike", "returned_unknown"]
    take_returned_back(BankLine.objects.get(amount=-200).pk, by=staff("samira", role="head"))
    assert (remaining(one), remaining(two)) == (0, 200)
    assert list(journal.check()) == []


def test_a_batch_of_which_one_is_refunded_is_not_taken_back_in_part() -> None:
    one, two = credited_batch()
    taken(batch(way="DBIT", reversal="1"))
    ask_refund(
        amount=100, reason="R", way="transfer", account=RIB, by=staff("rachid"),
        payment=Payment.objects.get(amount=100),
    )  # fmt: skip
    with pytest.raises(RefundError):
        take_returned_back(returned().pk, by=staff("samira", role="head"))
    assert (remaining(one), remaining(two)) == (0, 0)
