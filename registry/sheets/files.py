"""Writing rows into a file, chunk by chunk: never more than one chunk of them in memory."""

import contextlib
import csv
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
from django.utils.translation import get_language_bidi
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.writer.excel import ExcelWriter

from registry.paper import bilingual_pdf
from registry.sheets.cells import defused

PDF_PART: Final = 100  # rows that are laid out at once
_JOINED: Final = 40  # files that are joined at once: each is open meanwhile


@dataclass(frozen=True, slots=True)
class Sheet:
    """How rows of one sort are shown: `row_of` gives a row's cells (days as dates, all else text).

    `days` are the places of days. `template` draws a part of the PDF from `rows`, `first` (its
    first row's place, from 1), `first_page` and `context`.
    """

    title: str
    headings: Sequence[Any]
    widths: Sequence[int]
    row_of: Callable[[Any], list[Any]]
    template: str
    days: frozenset[int] = frozenset()
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Some rows, the letters that stand in them for reading, and how many rows there will be."""

    rows: Sequence[Any]
    letters: Sequence[UUID]
    total: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file's rows come from: as the person may read them now, at most `most` of them.

    `open` opens the file where its rows are of a form of their own.
    """

    sheet: Sheet
    pages: Iterator[SheetPage]
    most: int
    open: "Callable[[Path], SheetFile] | None" = None


class SheetFile(Protocol):
    """A file being written; `close` completes it, `drop` gives it up after a failure.

    After `drop` what was open is ended and nothing more is written. OSError is passed on, but not
    by `drop`.
    """

    def add(self, rows: Sequence[Any]) -> None: ...

    def close(self) -> None: ...

    def drop(self) -> None: ...


def open_sheet(format: str, path: Path, sheet: Sheet) -> SheetFile:
    """Open a new file at `path`; `format` is csv, xlsx or pdf."""
    made: dict[str, Callable[[Path, Sheet], SheetFile]] = {
        "csv": CsvOut,
        "xlsx": XlsxOut,
        "pdf": PdfOut,
    }
    return made[format](path, sheet)


class CsvOut:
    """UTF-8 with a byte order mark, so that spreadsheets read Arabic; formulas defused."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._sheet = sheet
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow([str(heading) for heading in sheet.headings])

    def add(self, rows: Sequence[Any]) -> None:
        """Write one line for each row."""
        of = self._sheet.row_of
        self._rows.writerows([defused(cell) for cell in of(row)] for row in rows)

    def close(self) -> None:
        """Write out what is buffered."""
        self._file.close()

    def drop(self) -> None:
        """Close the file."""
        with contextlib.suppress(OSError):
            self._file.close()


class XlsxOut:
    """One sheet, written row by row; from right to left in Arabic. Text is never a formula."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._path = path
        self._look = sheet
        self._archive: ZipFile | None = None
        self._book = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet(sheet.title[:31])
        self._sheet.sheet_view.rightToLeft = get_language_bidi()
        self._sheet.freeze_panes = "A2"
        for column, width in enumerate(sheet.widths):
            self._sheet.column_dimensions[chr(ord("A") + column)].width = width
        self._sheet.append([self._cell(str(heading), bold=True) for heading in sheet.headings])

    def _cell(self, value: Any, *, bold: bool = False) -> Any:
        cell = WriteOnlyCell(self._sheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"  # also where it begins as a formula does
        if bold:
            cell.font = Font(bold=True)
        return cell

    def add(self, rows: Sequence[Any]) -> None:
        """Write one row for each."""
        for row in rows:
            cells = self._look.row_of(row)
            for day in self._look.days:
                if cells[day]:
                    cells[day] = WriteOnlyCell(self._sheet, value=cells[day])
                    cells[day].number_format = "dd/mm/yyyy"
            self._sheet.append([self._cell(c) if isinstance(c, str) else c for c in cells])

    def close(self) -> None:
        """Pack the sheet into its file."""
        self._archive = ZipFile(self._path, "w", ZIP_DEFLATED, allowZip64=True)
        ExcelWriter(self._book, self._archive).save()

    def drop(self) -> None:
        """End the sheet, whose rows lie in a temporary file, and close both."""
        with contextlib.suppress(Exception):  # whatever half a sheet says
            if not self._sheet.closed:
                self._sheet.close()
        with contextlib.suppress(OSError, ValueError):
            self._sheet._writer.cleanup()
        if self._archive:
            abandon(self._archive)


class PdfOut:
    """Arabic and French side by side, laid out in parts that lie on disk and are joined."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._path = path
        self._sheet = sheet
        self._folder = tempfile.TemporaryDirectory(dir=path.parent, prefix=".parts-")
        self._parts: list[Path] = []
        self._made = 0
        self._rows: list[Any] = []
        self._done = self._pages = 0

    def add(self, rows: Sequence[Any]) -> None:
        """Lay out the rows gathered so far."""
        self._rows += rows
        while len(self._rows) >= PDF_PART:
            self._draw(self._rows[:PDF_PART])
            self._rows = self._rows[PDF_PART:]

    def _draw(self, rows: Sequence[Any]) -> None:
        context = {
            "rows": rows,
            "first": self._done + 1,
            "first_page": self._pages + 1,
            **self._sheet.context,
        }
        part = self._next()
        part.write_bytes(bilingual_pdf(self._sheet.template, context))
        with pikepdf.open(part) as pdf:
            self._pages += len(pdf.pages)
        self._parts.append(part)
        self._done += len(rows)
        if len(self._parts) >= _JOINED:
            # The earliest first, so that a long book is joined in few, growing steps.
            joined = self._next()
            _join(self._parts, joined)
            self._parts = [joined]

    def _next(self) -> Path:
        self._made += 1
        return Path(self._folder.name) / f"{self._made}.pdf"

    def close(self) -> None:
        """Lay out the rest and write the whole."""
        try:
            if self._rows or not self._done:
                self._draw(self._rows)
            _join(self._parts, self._path)
        finally:
            self._folder.cleanup()

    def drop(self) -> None:
        """Delete the parts."""
        self._folder.cleanup()


def abandon(archive: ZipFile) -> None:
    """Abandon a ZIP that cannot be completed, without another attempt when it is collected."""
    stream, archive.fp = archive.fp, None
    if stream:
        with contextlib.suppress(OSError):
            stream.close()


def _join(parts: Sequence[Path], path: Path) -> None:
    """Put the pages of the parts into one file; delete the parts afterwards."""
    whole = pikepdf.Pdf.new()
    opened = [pikepdf.open(part) for part in parts]
    try:
        for part in opened:
            whole.pages.extend(part.pages)
        whole.save(path)
    finally:
        whole.close()
        for part in opened:
            part.close()
    for done in parts:
        done.unlink()
