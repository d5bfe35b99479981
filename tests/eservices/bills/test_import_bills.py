"""Bills come in from the billing system: new, changed, the same, refused with their reason."""

import os
from pathlib import Path

import pytest

from eservices.bills.models import Allocation, Bill, Settled
from eservices.bills.remaining import refresh
from eservices.bills.statement import statement_of
from eservices.contracts.models import ImportRun
from tests.eservices.bills.bills import a_bill, a_contract
from tests.eservices.bills.tables import HEADER, imported, line, run_json, table

pytestmark = pytest.mark.django_db


def test_a_table_comes_in_once(tmp_path: Path) -> None:
    """The same file twice is the same bills."""
    a_contract()
    first = imported(tmp_path, line(), line(number="F2026-2", total="50", remaining="20.5"))
    again = imported(tmp_path, line(), line(number="F2026-2", total="50", remaining="20.5"))
    counts = {"lines": 2, "new": 2, "changed": 0, "same": 0, "refused": [], "exit": 0}
    assert first == counts
    assert again == {**counts, "new": 0, "same": 2}
    bill = Bill.objects.get(number="F2026-2")
    assert (bill.total, bill.remaining, bill.billed) == (5000, 2050, 2050)
    assert statement_of(a_contract()).balance == 12840 + 2050


def test_comma_bom_and_columns_in_another_order(tmp_path: Path) -> None:
    """A header tells the separator and the order."""
    a_contract()
    header, values = HEADER.split(";"), line().split(";")
    text = ",".join(reversed(header)) + "\r\n" + ",".join(reversed(values)) + "\r\n"
    path = tmp_path / "bills.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert run_json("import_bills", path)["new"] == 1
    assert Bill.objects.get().index == 1222


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"number": ""}, "number"),
        ({"contract": "9999999"}, "9999999"),
        ({"service": "gas"}, "gas"),
        ({"currency": "EUR"}, "EUR"),
        ({"total": "12.345"}, "12.345"),
        ({"total": ""}, "total"),
        ({"remaining": "128.41"}, "reste à payer"),
        ({"remaining": "-1"}, "reste à payer"),
        ({"issued_on": "05/11/2026"}, "05/11/2026"),
        ({"issued_on": "2026-02-30"}, "2026-02-30"),
        ({"due_on": "2026-11-01"}, "due_on"),
        ({"period_to": "2026-09-01"}, "period_to"),
        ({"index": "12a"}, "12a"),
        ({"estimated": "perhaps"}, "perhaps"),
        ({"pdf": "none.pdf"}, "none.pdf"),
        ({"pdf": "../../etc/passwd"}, "passwd"),
        ({"pdf": "/etc/passwd"}, "passwd"),
        ({"pdf": "..\\..\\etc\\passwd"}, "passwd"),
        ({"pdf": "ring.pdf"}, "ring.pdf"),
        ({"pdf": "outside.pdf"}, "outside.pdf"),
        ({"pdf": "pipe.pdf"}, "pipe.pdf"),
        ({"pdf": "."}, "."),
        ({"pdf": "x" * 3000}, "xxx"),
    ],
)
def test_a_wrong_line_is_refused_and_the_rest_is_in(
    tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    """The line costs itself alone, and says why."""
    a_contract()
    (tmp_path / "ring.pdf").symlink_to(tmp_path / "ring.pdf")
    (tmp_path / "outside.pdf").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.pdf")
    told = imported(tmp_path, line(**changes), line(number="F2026-2"))
    assert (told["lines"], told["new"], told["exit"]) == (2, 1, 1)
    [refused] = told["refused"]
    assert refused["line"] == 2
    assert reason in refused["reason"]
    assert [bill.number for bill in Bill.objects.all()] == ["F2026-2"]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """It counts as if it had."""
    a_contract()
    told = imported(tmp_path, line(), line(), options=["--dry-run"])
    assert (told["new"], told["same"]) == (1, 1)
    assert not Bill.objects.exists()


def test_the_last_of_two_lines_of_a_bill_holds(tmp_path: Path) -> None:
    """A bill that is twice in a file is new, then changed."""
    a_contract()
    told = imported(tmp_path, line(), line(remaining="100"))
    assert (told["new"], told["changed"]) == (1, 1)
    assert Bill.objects.get().remaining == 10000
    assert [row.amount for row in Settled.objects.all()] == [2840]


def test_what_was_paid_here_is_not_brought_back(tmp_path: Path) -> None:
    """The billing system's figure from before our payment leaves the bill paid."""
    contract = a_contract()
    imported(tmp_path, line())
    bill = Bill.objects.get()
    Allocation.objects.create(bill=bill, receipt="R/2026/000001", amount=12840, at=bill.made_at)
    refresh([bill])
    assert imported(tmp_path, line(due_on="2026-11-26"))["changed"] == 1
    bill.refresh_from_db()
    assert (bill.remaining, statement_of(contract).balance) == (0, 0)


def test_a_bill_stays_with_its_contract_and_a_fee_is_ours(tmp_path: Path) -> None:
    """A number that is another's is refused."""
    a_contract()
    a_bill(a_contract("1000002"), number="F2026-1")
    a_bill(number="F2026-2", kind=Bill.Kind.FEE)
    told = imported(tmp_path, line(), line(number="F2026-2"))
    assert len(told["refused"]) == 2
    assert "autre contrat" in told["refused"][0]["reason"]


def test_a_credit_note_is_negative(tmp_path: Path) -> None:
    """What the customer is owed lowers the balance, and what is used of it comes back."""
    contract = a_contract()
    credit = {"number": "A1", "total": "-60.00", "due_on": ""}
    imported(tmp_path, line(), line(**credit, remaining="-60.00"))
    assert statement_of(contract).balance == 12840 - 6000
    imported(tmp_path, line(remaining="68.40"), line(**credit, remaining="0"))
    kinds = [one.kind.value for one in statement_of(contract).movements]
    assert sorted(kinds) == ["bill", "credit", "settled", "used"]
    assert statement_of(contract).balance == 6840
    assert Bill.objects.get(number="A1").kind == Bill.Kind.CREDIT


def test_a_pdf_beside_the_table_is_kept(tmp_path: Path) -> None:
    """Its bytes count: another file under the same name is a change."""
    a_contract()
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "1.pdf").write_bytes(b"%PDF-1.7 one")
    assert imported(tmp_path, line(pdf="pdf/1.pdf"))["new"] == 1
    assert imported(tmp_path, line(pdf="pdf/1.pdf"))["same"] == 1
    first = Bill.objects.get().pdf
    (tmp_path / "pdf" / "1.pdf").write_bytes(b"%PDF-1.7 two")
    assert imported(tmp_path, line(pdf="pdf/1.pdf"))["changed"] == 1
    assert first is not None
    assert Bill.objects.get().pdf_id != first.pk
    (tmp_path / "pdf" / "1.pdf").write_bytes(b"<html>")
    assert "n’est pas un PDF" in imported(tmp_path, line(pdf="pdf/1.pdf"))["refused"][0]["reason"]


def test_a_corrected_bill_no_longer_gives_the_paper_of_before(tmp_path: Path) -> None:
    """Its PDF told another total; what is paid of it alone changes no paper."""
    a_contract()
    (tmp_path / "1.pdf").write_bytes(b"%PDF-1.7 one")
    imported(tmp_path, line(pdf="1.pdf"))
    imported(tmp_path, line(remaining="28.40"))
    assert Bill.objects.get().pdf is not None
    imported(tmp_path, line(total="60.00", remaining="0"))
    assert Bill.objects.get().pdf is None


def test_a_run_is_on_record(tmp_path: Path) -> None:
    """Counts and refused lines are kept."""
    a_contract()
    imported(tmp_path, line(), line(number="F2026-2", total="x"))
    run = ImportRun.objects.get()
    assert (run.kind, run.lines, run.new, run.refused) == ("bills", 2, 1, 1)
    assert run.refusals.get().code == "bad_amount"


def test_old_bills_are_no_news(tmp_path: Path) -> None:
    """Nobody is told of bills of long ago, and of credits."""
    a_contract()
    old = {"issued_on": "2020-01-05", "due_on": "2020-01-25"}
    imported(tmp_path, line(number="OLD", **old), line(number="A1", total="-1", remaining="-1"))
    assert not Bill.objects.filter(told_at=None).exists()


def test_thousands_of_lines_take_few_queries(
    tmp_path: Path, django_assert_max_num_queries: object
) -> None:
    """A batch costs a few statements, not some for each line."""
    a_contract()
    path = table(tmp_path, *(line(number=f"N{n}") for n in range(1500)))
    with django_assert_max_num_queries(60):  # type: ignore[operator]  # a fixture without a type
        assert run_json("import_bills", path)["new"] == 1500
