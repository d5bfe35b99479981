"""Bills that were paid too much: twice, or before the billing system corrected them."""

from pathlib import Path

import pytest

from eservices.bills.models import Bill
from eservices.bills.statement import statement_of
from eservices.payments.refunds import ask_refund, decide_refund, pay_refund
from tests.eservices.bills.bills import a_contract
from tests.eservices.bills.tables import imported, line, run_json
from tests.eservices.payments.office import RIB, staff
from tests.eservices.payments.test_handing_over import paid

pytestmark = pytest.mark.django_db


def bill() -> Bill:
    """Return the only bill as it stands."""
    return Bill.objects.get()


def test_a_bill_paid_here_and_elsewhere_stays_the_customers_money(tmp_path: Path) -> None:
    """Also once the billing system knows both payments and still says that nothing remains."""
    contract = a_contract()
    imported(tmp_path, line())
    paid(bill())
    assert bill().overpaid == 0
    imported(tmp_path, line(remaining="0"))
    assert (bill().remaining, bill().overpaid, statement_of(contract).balance) == (0, 12840, -12840)
    run_json("export_payments", tmp_path / "p.csv")
    for due in ("2026-11-26", "2026-11-27"):
        imported(tmp_path, line(remaining="0", due_on=due))
        assert (bill().overpaid, statement_of(contract).balance) == (12840, -12840)
    kinds = [one.kind.value for one in statement_of(contract).movements]
    assert sorted(kinds) == ["bill", "payment", "settled"]


def test_what_was_paid_too_much_goes_back_by_a_refund(tmp_path: Path) -> None:
    contract = a_contract()
    imported(tmp_path, line())
    payment = paid(bill())
    run_json("export_payments", tmp_path / "p.csv")
    imported(tmp_path, line(total="60.00", remaining="0"))
    assert (bill().remaining, bill().overpaid) == (0, 6840)
    refund = ask_refund(
        payment=payment, amount=6840, way="transfer", account=RIB, reason="Facture rectifiée",
        by=staff(),
    )  # fmt: skip
    decide_refund(refund, approve=True, by=staff("hajar", "FIN", "head"))
    pay_refund(refund, by=staff(), reference="VIR-1")
    assert (bill().remaining, bill().overpaid, statement_of(contract).balance) == (0, 0, 0)


def test_what_was_paid_elsewhere_is_no_more_than_the_corrected_bill(tmp_path: Path) -> None:
    contract = a_contract()
    imported(tmp_path, line(remaining="0"))
    imported(tmp_path, line(total="60.00", remaining="0"))
    assert (bill().overpaid, statement_of(contract).balance) == (0, 0)


def test_a_payment_elsewhere_that_is_taken_back_is_owed_again(tmp_path: Path) -> None:
    contract = a_contract()
    imported(tmp_path, line(remaining="28.40"))
    imported(tmp_path, line())
    assert (bill().remaining, statement_of(contract).balance) == (12840, 12840)
