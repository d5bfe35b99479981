"""XML bills: judged by schema and rules, read, kept; what is wrong is refused with its rule."""

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest

from eservices.bills import xml_importing
from eservices.bills.models import Bill, BillLine
from eservices.bills.xml_reading import read
from eservices.bills.xml_rules import BadXmlError, valid
from eservices.contracts.csv_lines import BadFileError
from eservices.contracts.imports import keep_for_import
from eservices.kinds import EserviceJob
from tests.eservices.bills.bills import a_contract
from tests.eservices.bills.tables import HEADER, imported, line, run_json
from tests.factories import drain

FILES: Final = Path(__file__).parent / "files"
UBL: Final = (FILES / "ubl.xml").read_bytes()
CII: Final = (FILES / "cii.xml").read_bytes()
PUBLIC: Final = FILES / "public"


def rule_of(content: bytes) -> tuple[str, str]:
    """Return the code and the rule by which a document is refused."""
    with pytest.raises(BadXmlError) as refused:
        valid(content)
    return refused.value.code, refused.value.rule


def test_a_wrong_total_is_refused_with_its_rule() -> None:
    """The rules run really: the package's own check says "valid" where no server answers it."""
    assert valid(UBL).tag.endswith("}Invoice")
    assert valid(CII).tag.endswith("}CrossIndustryInvoice")
    wrong = UBL.replace(b"128.40</cbc:TaxInclusive", b"129.40</cbc:TaxInclusive")
    assert rule_of(wrong) == ("xml_rule", "BR-CO-15")
    wrong = CII.replace(b"102.60</ram:GrandTotal", b"103.60</ram:GrandTotal")
    assert rule_of(wrong) == ("xml_rule", "BR-CO-15")
    assert rule_of(UBL.replace(b">100.00</cbc:LineExt", b">90.00</cbc:LineExt"))[0] == "xml_rule"


@pytest.mark.parametrize(
    ("name", "total", "remaining"),
    [
        ("CII_example3.xml", 112500, 112500),
        ("CII_example7.xml", 320000, 320000),
        ("CII_example9.xml", 17787, 17787),
        ("ubl-21-en16931.xml", 30803, 20803),
    ],
)
def test_public_samples_are_read(name: str, total: int, remaining: int) -> None:
    """What the rules' authors call right is right here, and its lines come to its total."""
    bill = read(valid((PUBLIC / name).read_bytes()))
    assert (bill["total"], bill["remaining"]) == (total, remaining)
    assert sum(line["net"] + line["tax"] for line in bill["lines"]) == total


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("CII_example6.xml", "BR-CO-09"),
        ("BII04-full-core-data-01.xml", "BR-CO-15"),
        ("UBL-Invoice-2.1-Example-Trivial.xml", "BR-01"),
        ("UBL-CreditNote-2.0-Example.xml", "BR-04"),
    ],
)
def test_public_samples_that_break_a_rule_are_refused(name: str, rule: str) -> None:
    """With the first rule that the authors' own check names."""
    assert rule_of((PUBLIC / name).read_bytes()) == ("xml_rule", rule)


def test_a_narrower_use_of_the_rules_is_right() -> None:
    """A document that says it complies with a usage specification keeps EN 16931; one that extends
    it does not."""
    plain = b">urn:cen.eu:en16931:2017<"
    own = b"urn:cen.eu:en16931:2017#%s#urn:example.org:utility:1p0"
    assert plain in CII
    assert valid(CII.replace(plain, b">" + own % b"compliant" + b"<")) is not None
    extended = CII.replace(plain, b">" + own % b"conformant" + b"<")
    assert rule_of(extended)[0] == "xml_rule"


def test_what_breaks_the_schema_is_refused() -> None:
    """Before any rule is asked."""
    assert rule_of(UBL.replace(b">2026-11-05<", b">soon<")) == ("xml_schema", "XSD")
    assert rule_of(CII.replace(b"<ram:ApplicableHeaderTradeDelivery/>", b""))[0] == "xml_schema"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "xml_broken"),
        (b"<Invoice>", "xml_broken"),
        (b"<Order/>", "xml_unknown"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml_doctype"),
    ],
)
def test_what_is_no_bill_is_refused(content: bytes, code: str) -> None:
    """No entity is expanded, and nothing outside the document is read."""
    assert rule_of(content)[0] == code


@pytest.mark.django_db
def test_xml_bills_come_in_with_their_lines(tmp_path: Path) -> None:
    """From a folder, once; bands, readings and taxes come along, and the sums are the total."""
    a_contract()
    (tmp_path / "1.xml").write_bytes(UBL)
    (tmp_path / "2.xml").write_bytes(CII)
    (tmp_path / "3.xml").write_bytes(UBL.replace(b"128.40</cbc:TaxIncl", b"129.40</cbc:TaxIncl"))
    told = run_json("import_bills", tmp_path)
    assert (told["lines"], told["new"], told["exit"]) == (3, 2, 1)
    [refused] = told["refused"]
    assert refused["line"] == 3
    assert "BR-CO-15" in refused["reason"]
    water, power = Bill.objects.order_by("-number")
    assert (water.total, water.remaining, water.service) == (12840, 12840, "water")
    assert (water.previous_index, water.index, water.estimated) == (1204, 1222, True)
    assert (power.total, power.remaining, str(power.period_from)) == (10260, 10000, "2026-10-01")
    for bill in (water, power):
        assert bill.xml is not None
        assert sum(line.net + line.tax for line in bill.lines.all()) == bill.total
    assert [line.band for line in water.lines.order_by("position")] == ["0–6 m³", "7–20 m³"]
    (tmp_path / "3.xml").unlink()
    assert run_json("import_bills", tmp_path)["same"] == 2
    assert BillLine.objects.count() == 3


@pytest.mark.django_db
def test_a_table_that_corrects_an_xml_bill_leaves_no_lines_of_another_total(tmp_path: Path) -> None:
    a_contract()
    (tmp_path / "1.xml").write_bytes(UBL)
    run_json("import_bills", tmp_path / "1.xml")
    bill = Bill.objects.get()
    same = {
        **{name: str(getattr(bill, name)) for name in ("number", "service", "index", "issued_on")},
        **{name: str(getattr(bill, name) or "") for name in ("period_from", "period_to", "due_on")},
        "previous_index": str(bill.previous_index), "estimated": "true",
    }  # fmt: skip
    imported(tmp_path, line(**same, remaining="28.40"))
    bill.refresh_from_db()
    assert (bill.remaining, bill.xml is None, bill.lines.count()) == (2840, False, 2)
    imported(tmp_path, line(**same, total="60.00", remaining="0"))
    bill.refresh_from_db()
    assert (bill.total, bill.xml, bill.lines.count()) == (6000, None, 0)


@pytest.mark.django_db
def test_an_archive_of_xml_bills(tmp_path: Path) -> None:
    """Names in it are no paths; another contract, another total are told apart."""
    with zipfile.ZipFile(tmp_path / "bills.zip", "w") as archive:
        archive.writestr("../../evil.xml", UBL)
        archive.writestr("notes.txt", "not a bill")
    told = run_json("import_bills", tmp_path / "bills.zip")
    assert "1000001" in told["refused"][0]["reason"]
    a_contract()
    assert run_json("import_bills", tmp_path / "bills.zip", "--dry-run")["new"] == 1
    assert not Bill.objects.exists()
    assert run_json("import_bills", tmp_path / "bills.zip")["new"] == 1
    shutil.copy(FILES / "ubl.xml", tmp_path / "one.xml")
    assert run_json("import_bills", tmp_path / "one.xml")["same"] == 1


@pytest.mark.django_db
def test_an_archive_that_lies_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    """One that unpacks to more than its share, and one whose bytes are damaged."""
    path = tmp_path / "bills.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.xml", b" " * 100_000)
    monkeypatch.setattr(xml_importing, "MOST_UNPACKED", 300_000)
    with pytest.raises(BadFileError, match="xml_unpacked"):
        xml_importing.import_xml(path)
    content = bytearray(path.read_bytes())
    content[40:60] = b"\xff" * 20
    path.write_bytes(content)
    with pytest.raises(BadFileError, match="not_zip"):
        xml_importing.import_xml(path)


@pytest.mark.django_db
def test_a_credit_note_lowers_what_is_owed(tmp_path: Path) -> None:
    """A CII credit note (type 381) has negative amounts here."""
    a_contract()
    credit = CII.replace(b">380<", b">381<").replace(b"C2026-0001", b"A2026-0001")
    (tmp_path / "credit.xml").write_bytes(credit)
    assert run_json("import_bills", tmp_path / "credit.xml")["new"] == 1
    bill = Bill.objects.get()
    assert (bill.kind, bill.total, bill.remaining) == (Bill.Kind.CREDIT, -10260, -10000)
    assert sum(line.net + line.tax for line in bill.lines.all()) == bill.total


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["table", "xml", "zip"])
def test_bills_come_by_the_page_too(tmp_path: Path, kind: str) -> None:
    """The file's first bytes tell what it is, whatever it is called."""
    a_contract()
    content = UBL if kind == "xml" else f"{HEADER}\n{line(number='U2026-0001')}\n".encode()
    if kind == "zip":
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("one.xml", UBL)
        content = held.getvalue()
    run = keep_for_import("bills", io.BytesIO(content), "../bills.dat", by=None)
    drain(EserviceJob.CONTRACTS_IMPORT)
    run.refresh_from_db()
    assert (run.lines, run.new, run.problem) == (1, 1, "")
    assert Bill.objects.get().number == "U2026-0001"
