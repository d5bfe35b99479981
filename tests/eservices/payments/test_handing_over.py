"""Payments go to the billing system once each; its later figures contain them."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from eservices.bills.models import Allocation, Bill, PaymentExport
from eservices.bills.statement import statement_of
from eservices.payments.models import Payment
from eservices.payments.posting import Line, post_payment, reverse
from tests.eservices.bills.bills import a_bill, a_contract
from tests.eservices.bills.tables import run_json

pytestmark = pytest.mark.django_db
HEADER = "receipt;bill;contract;amount;currency;paid_at;channel"


def paid(*bills: Bill) -> Payment:
    """Return a payment of all that remains of these bills."""
    lines = [Line(bill.number, bill.remaining) for bill in bills]
    return post_payment(lines, channel="cash", paid_at=timezone.now())


def test_each_payment_is_handed_over_once(tmp_path: Path) -> None:
    """A second run finds nothing, and leaves the file alone."""
    one, two = a_bill(total=12840, number="F1"), a_bill(total=500, number="F2")
    payment = paid(one, two)
    first = run_json("export_payments", tmp_path / "p.csv")
    assert (first["lines"], first["total"]) == (2, "133.40")
    header, *lines = (tmp_path / "p.csv").read_text().splitlines()
    assert header == HEADER
    at = timezone.localtime(payment.paid_at).isoformat(timespec="seconds")
    assert lines[0] == f"{payment.receipt};F1;1000001;128.40;MAD;{at};cash"
    again = run_json("export_payments", tmp_path / "p.csv")
    assert (again["lines"], again["export"]) == (0, None)
    assert len((tmp_path / "p.csv").read_text().splitlines()) == 3
    assert PaymentExport.objects.count() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]


def test_the_table_may_be_read_by_whom_any_new_file_may(tmp_path: Path) -> None:
    """The billing system reads it as another user."""
    paid(a_bill())
    call_command("export_payments", str(tmp_path / "p.csv"))
    (tmp_path / "new").touch()
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_what_is_taken_back_is_negative(tmp_path: Path) -> None:
    """In the next file; and what remains is right at each step."""
    bill = a_bill(total=12840, number="F1")
    payment = paid(bill)
    run_json("export_payments", tmp_path / "1.csv")
    bill.refresh_from_db()
    assert (bill.billed, bill.remaining) == (0, 0)
    reverse(payment, reason="wrong customer", actor="test")
    told = run_json("export_payments", tmp_path / "2.csv")
    assert (told["lines"], told["total"]) == (1, "-128.40")
    bill.refresh_from_db()
    assert (bill.billed, bill.remaining) == (12840, 12840)
    assert statement_of(a_contract()).balance == 12840


def test_an_export_is_written_again_the_same(tmp_path: Path) -> None:
    """Byte by byte, whatever was paid since."""
    paid(a_bill(number="F1"))
    first = run_json("export_payments", tmp_path / "1.csv")
    paid(a_bill(number="F2"))
    again = run_json("export_payments", tmp_path / "again.csv", "--again", first["export"])
    assert again == first
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "1.csv").read_bytes()


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    """Nothing is marked as handed over then."""
    paid(a_bill())
    (tmp_path / "1.csv").write_text("the last one")
    for path in (tmp_path / "1.csv", tmp_path / "no" / "1.csv"):
        with pytest.raises(CommandError) as wrong:
            call_command("export_payments", str(path))
        assert wrong.value.returncode == 2
    assert (tmp_path / "1.csv").read_text() == "the last one"
    assert not Allocation.objects.exclude(handed_over=None).exists()
    assert not PaymentExport.objects.exists()
