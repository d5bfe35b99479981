"""Bills from the billing system's table: new and changed ones, their PDFs, what remains of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from eservices.bills.bill_lines import COLUMNS, OPTIONAL, BillRow, understood
from eservices.bills.bill_messages import queue_bill_messages
from eservices.bills.models import Bill, BillLine
from eservices.bills.pdf_files import PdfFolder
from eservices.bills.remaining import begin, held, set_remaining
from eservices.contracts.bulk_rows import insert_rows
from eservices.contracts.csv_lines import CsvLine
from eservices.contracts.importing import CHANGED, NEW, SAME, LineRefusedError, Outcome
from eservices.contracts.models import Contract, ImportRun
from registry.models.files import StoredFile

NEWS: Final = timedelta(days=45)  # bills that were issued earlier are told to nobody as new
_TOLD: Final = (
    *("kind", "service", "period_from", "period_to", "issued_on", "due_on"),
    *("previous_index", "index", "estimated", "total"),
)
_NEW: Final = (
    *("number", "contract_id", "billed", "remaining", "line_hash", "made_at", "changed_at"),
    *("told_at", *_TOLD, "pdf_id", "xml_id"),
)

Pdfs = Callable[[BillRow], StoredFile | None]


class BillTable:
    """The table of bills; `folder` is where the paths of their PDFs begin, None where none lie."""

    columns: Sequence[str] = COLUMNS
    optional: Sequence[str] = OPTIONAL

    def __init__(self, folder: Path | None = None) -> None:
        self._pdfs = PdfFolder(folder)

    def parse(self, line: CsvLine) -> BillRow:
        """Return the bill of a line. Raise LineRefusedError."""
        path = line.values["pdf"]
        return understood(line.values, file_hash=self._pdfs.hash_of(path) if path else "")

    def write(self, rows: Sequence[BillRow], run: ImportRun) -> Sequence[Outcome]:
        """Keep a batch of bills and return what became of each."""
        return write_bills(rows, dry_run=run.dry_run, pdfs=self._pdfs.kept)


def write_bills(
    rows: Sequence[BillRow],
    *,
    dry_run: bool,
    pdfs: Pdfs | None = None,
    xml: StoredFile | None = None,
) -> list[Outcome]:
    """Keep bills that were understood, each number once, and return what became of each."""
    contracts = dict(
        Contract.objects.filter(number_key__in={row.contract for row in rows}).values_list(
            "number_key", "pk"
        )
    )
    known = {bill.number: bill for bill in _known([row.number for row in rows], dry_run=dry_run)}
    outcomes = [_outcome(row, known.get(row.number), contracts) for row in rows]
    if not dry_run:
        files = _Files(pdfs, xml)
        pairs = list(zip(rows, outcomes, strict=True))
        _make([row for row, outcome in pairs if outcome == NEW], contracts, files)
        _change([(known[row.number], row) for row, outcome in pairs if outcome == CHANGED], files)
    return outcomes


class _Files:
    """The files of bills that are written."""

    def __init__(self, pdfs: Pdfs | None, xml: StoredFile | None) -> None:
        self._pdfs, self._xml = pdfs, xml

    def of(self, row: BillRow) -> dict[str, StoredFile]:
        found = {"pdf": self._pdfs(row) if self._pdfs else None, "xml": self._xml}
        return {name: file for name, file in found.items() if file is not None}

    def keys_of(self, row: BillRow) -> tuple[Any, Any]:
        """Return the keys of the PDF and of the XML."""
        found = self.of(row)
        pdf, xml = found.get("pdf"), found.get("xml")
        return pdf.pk if pdf else None, xml.pk if xml else None


def _known(numbers: Sequence[str], *, dry_run: bool) -> list[Bill]:
    rows = Bill.objects.filter(number__in=numbers)
    return list(rows) if dry_run else held(rows)


def _outcome(row: BillRow, bill: Bill | None, contracts: Mapping[str, int]) -> Outcome:
    contract = contracts.get(row.contract)
    if contract is None:
        told = row.contract_told
        return LineRefusedError("unknown_contract", column="contract", value=told)
    if bill is None:
        return NEW
    if bill.kind == Bill.Kind.FEE:
        return LineRefusedError("own_fee", value=row.number)
    if bill.contract_id != contract:
        return LineRefusedError("bill_of_another_contract", value=row.number)
    return SAME if bill.line_hash == row.digest else CHANGED


def _make(rows: Sequence[BillRow], contracts: Mapping[str, int], files: _Files) -> None:
    now, today = timezone.now(), timezone.localdate()
    news = [_is_news(row, today) for row in rows]
    insert_rows(Bill, _NEW, (
        (
            row.number, contracts[row.contract], row.remaining, row.remaining, row.digest, now, now,
            None if new else now, *_facts(row), *files.keys_of(row),
        )
        for row, new in zip(rows, news, strict=True)
    ))  # fmt: skip
    begin([row.number for row in rows])
    if any(news):
        queue_bill_messages()


def _is_news(row: BillRow, today: Any) -> bool:
    """Return whether the customer is notified of it: a bill, and not one of long ago."""
    return bool(row.kind == Bill.Kind.INVOICE and row.issued_on > today - NEWS)


def _change(pairs: Sequence[tuple[Bill, BillRow]], files: _Files) -> None:
    now = timezone.now()
    corrected = []
    for bill, row in pairs:
        papers: dict[str, Any] = files.of(row)
        if _contradict(_facts(bill), _facts(row)):  # so do its papers and lines of before
            corrected.append(bill)
            papers = {"pdf": None, "xml": None, **papers}
        for name, value in {**_values(row), **papers}.items():
            setattr(bill, name, value)
        bill.line_hash, bill.changed_at = row.digest, now
    BillLine.objects.filter(bill__in=corrected).delete()
    if pairs:
        named = [*_TOLD, "line_hash", "changed_at", "pdf", "xml"]
        Bill.objects.bulk_create(
            [bill for bill, _row in pairs],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=named,
        )
        set_remaining((bill, row.remaining) for bill, row in pairs)


_facts: Final = attrgetter(*_TOLD)


def _contradict(before: Sequence[Any], now: Sequence[Any]) -> bool:
    """Return whether a fact is another one; one of them may say less than the other."""
    pairs = zip(before, now, strict=True)
    return any(old != new for old, new in pairs if "" not in (old, new) and None not in (old, new))


def _values(row: BillRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _TOLD}
