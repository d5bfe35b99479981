"""XML bills (UBL 2.1, CII): judged and read in a confined child, then kept like a table's lines."""

import hashlib
import io
import json
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from eservices.bills.bill_lines import BillRow, understood
from eservices.bills.importing import write_bills
from eservices.bills.models import Bill, BillLine
from eservices.contracts.csv_lines import BadFileError
from eservices.contracts.importing import (
    CHANGED,
    NEW,
    LineRefusedError,
    Outcome,
    begin_run,
    end_run,
    refuse_lines,
)
from eservices.contracts.models import ImportRun
from eservices.money import decimal
from org.models import User
from registry.files.stored import stored_row
from registry.files.vault import store
from sandbox.process import ChildDied, SandboxedProcess

MOST_BYTES: Final = 5 * 1024 * 1024  # of a document
MOST_DOCUMENTS: Final = 100_000
MOST_UNPACKED: Final = 2 * 1024**3  # bytes of all documents of an archive
_CHILD: Final = "eservices.bills.xml_child"
_SECONDS: Final = 120.0  # for one document, the first one waits for the rules to be compiled
_UNITS: Final = {"MTQ": "m³", "KWH": "kWh", "MON": "", "C62": "", "EA": "", "DAY": "", "ANN": ""}


def is_xml(path: Path) -> bool:
    """Return whether a path is a document, an archive or a folder of documents, by its name."""
    return path.is_dir() or path.suffix.lower() in (".xml", ".zip")


def import_xml(
    path: Path,
    *,
    dry_run: bool = False,
    by: User | None = None,
    run: ImportRun | None = None,
    progress: Callable[[int], None] = lambda _lines: None,
) -> ImportRun:
    """Import a document, or those of a ZIP archive or folder, and return the run.

    A document counts as a line, in the order of their names. `run` is one that was begun before.
    Raise BadFileError where there is none.
    """
    run = run or begin_run(ImportRun.Kind.BILLS, path.name, dry_run=dry_run, by=by)
    run.lines = run.new = run.changed = run.same = run.refused = 0
    hashed = hashlib.sha256()
    with _documents(path) as documents:
        if not documents:
            error = BadFileError("xml_nothing")
            end_run(run, problem=error)
            raise error
        answers = zip(documents, _judged(documents), strict=True)
        for number, (document, answer) in enumerate(answers, start=1):
            content = document.read_bytes()
            hashed.update(content)
            _take(run, number, document.name, content, answer)
            progress(number)
    end_run(run, sha256=hashed.hexdigest())
    return run


def _take(run: ImportRun, number: int, name: str, content: bytes, answer: dict[str, Any]) -> None:
    """Keep a document with its count, all or nothing."""
    with transaction.atomic():
        outcome = _outcome(content, answer, dry_run=run.dry_run)
        run.lines += 1
        if isinstance(outcome, LineRefusedError):
            run.refused += 1
            data = {"document": name[:200], **outcome.data}
            refuse_lines(run, [(number, outcome.code, data)])
        else:
            setattr(run, outcome, getattr(run, outcome) + 1)
        run.save(update_fields=["lines", "new", "changed", "same", "refused"])


def _outcome(content: bytes, answer: dict[str, Any], *, dry_run: bool) -> Outcome:
    if "bill" not in answer:
        data = {"rule": answer.get("rule", ""), "words": answer.get("words", "")}
        return LineRefusedError(answer["code"], **data)
    try:
        row = row_of(answer["bill"], hashlib.sha256(content).hexdigest())
    except LineRefusedError as error:
        return error
    file = None
    if not dry_run:
        file = stored_row(store(io.BytesIO(content)), media_type="application/xml")
    [outcome] = write_bills([row], dry_run=dry_run, xml=file)
    if outcome in (NEW, CHANGED) and not dry_run:
        _write_lines(row.number, answer["bill"]["lines"])
    return outcome


def row_of(bill: dict[str, Any], sha256: str) -> BillRow:
    """Return a document's bill as a line of the table. Raise LineRefusedError."""
    values = {name: str(bill.get(name, "")) for name in _TEXTS}
    values |= {"pdf": "", "total": decimal(bill["total"]), "remaining": decimal(bill["remaining"])}
    return understood(values, file_hash=sha256)


_TEXTS: Final = (
    *("number", "contract", "service", "period_from", "period_to", "issued_on", "due_on"),
    *("previous_index", "index", "estimated", "currency"),
)


def _write_lines(number: str, lines: Sequence[dict[str, Any]]) -> None:
    bill = Bill.objects.get(number=number)
    BillLine.objects.filter(bill=bill).delete()
    BillLine.objects.bulk_create(
        BillLine(
            bill=bill,
            position=position,
            label=line["label"],
            band=line["band"],
            quantity=Decimal(line["quantity"]) if line["quantity"] else None,
            unit=_UNITS.get(line["unit"], line["unit"]),
            price=Decimal(line["price"]) if line["price"] else None,
            net=line["net"],
            tax_rate=Decimal(line["tax_rate"]),
            tax=line["tax"],
        )
        for position, line in enumerate(lines, start=1)
    )


def _judged(documents: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Yield the child's answer for each document; one that ends it costs that document alone."""
    left = list(documents)
    while left:
        answered = 0
        for answer in _asked(left):
            answered += 1
            yield answer
        if answered < len(left):
            answered += 1
            yield {"code": "xml_broken"}
        left = left[answered:]


def _asked(documents: Sequence[Path]) -> Iterator[dict[str, Any]]:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as listed:
        listed.write("".join(f"{path.absolute()}\n" for path in documents))
        listed.flush()
        reads: list[str | Path] = [listed.name, *{path.parent for path in documents}]
        with SandboxedProcess(_CHILD, ["read", listed.name], reads=reads) as child:
            try:
                for line in child.await_lines(_SECONDS):
                    yield json.loads(line)
            except (ChildDied, ValueError):
                return


@contextmanager
def _documents(path: Path) -> Iterator[list[Path]]:
    """Give the documents of a path in the order of their names. Raise BadFileError."""
    if path.is_dir():
        yield _fit(sorted(path.glob("*.xml")))
    elif path.suffix.lower() != ".zip":
        yield _fit([path])
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield _fit(_unpacked(path, Path(folder)))


def _unpacked(path: Path, folder: Path) -> list[Path]:
    """Write the documents of an archive into a folder, by number: no name of it is a path here."""
    found, size = [], 0
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [one for one in archive.infolist() if one.filename.lower().endswith(".xml")]
            for number, one in enumerate(inside[: MOST_DOCUMENTS + 1], start=1):
                if one.file_size > MOST_BYTES:
                    raise BadFileError("xml_too_large", document=one.filename[:200])
                with archive.open(one) as source:
                    content = source.read(MOST_BYTES + 1)
                size += len(content)
                if size > MOST_UNPACKED:
                    raise BadFileError("xml_unpacked", most=MOST_UNPACKED)
                target = folder / f"{number:06d}.xml"
                target.write_bytes(content)
                found.append(target)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
        raise BadFileError("not_zip") from error
    return found


def _fit(documents: list[Path]) -> list[Path]:
    if len(documents) > MOST_DOCUMENTS:
        raise BadFileError("xml_too_many", most=MOST_DOCUMENTS)
    for one in documents:
        if not one.is_file():
            raise BadFileError("xml_nothing")
        if one.stat().st_size > MOST_BYTES:
            raise BadFileError("xml_too_large", document=one.name[:200])
    return documents
