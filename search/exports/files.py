"""Writing an export's file, chunk by chunk: never more than one chunk of letters in memory."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import pikepdf
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from registry.models import Letter
from registry.paper import bilingual_pdf
from search.exports.rows import DAYS, HEADINGS, defused, row_of
from search.exports.zipped import ZipFileOut

_WIDTHS: Final = (18, 12, 12, 60, 32, 20, 24, 28, 14, 12, 14, 10, 16)
_PDF_PART: Final = 100  # letters that are laid out at once


class ExportFile(Protocol):
    """A file in the making; `close` completes it. OSError and VaultError come through."""

    def add(self, letters: Sequence[Letter]) -> None: ...

    def close(self) -> None: ...


def open_export(format: str, path: Path) -> ExportFile:
    """A new export of that format at `path`."""
    made: dict[str, Any] = {"csv": CsvOut, "xlsx": XlsxOut, "pdf": PdfOut, "zip": ZipFileOut}
    out: ExportFile = made[format](path)
    return out


class CsvOut:
    """UTF-8 with a byte order mark, so that spreadsheets read Arabic; formulas defused."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow([str(heading) for heading in HEADINGS])

    def add(self, letters: Sequence[Letter]) -> None:
        """One row for each letter."""
        self._rows.writerows([defused(cell) for cell in row_of(letter)] for letter in letters)

    def close(self) -> None:
        """Write out what is buffered."""
        self._file.close()


class XlsxOut:
    """One sheet, written row by row; from right to left in Arabic. Text is never a formula."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._book = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet(_("Letters"))
        self._sheet.sheet_view.rightToLeft = get_language_bidi()
        self._sheet.freeze_panes = "A2"
        for column, width in enumerate(_WIDTHS):
            self._sheet.column_dimensions[chr(ord("A") + column)].width = width
        self._sheet.append([self._cell(str(heading), bold=True) for heading in HEADINGS])

    def _cell(self, value: Any, *, bold: bool = False) -> Any:
        cell = WriteOnlyCell(self._sheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"  # also where it begins as a formula does
        if bold:
            cell.font = Font(bold=True)
        return cell

    def add(self, letters: Sequence[Letter]) -> None:
        """One row for each letter."""
        for letter in letters:
            cells = row_of(letter)
            for day in DAYS:
                if cells[day]:
                    cells[day] = WriteOnlyCell(self._sheet, value=cells[day])
                    cells[day].number_format = "yyyy-mm-dd"
            self._sheet.append([self._cell(c) if isinstance(c, str) else c for c in cells])

    def close(self) -> None:
        """Pack the sheet into its file."""
        self._book.save(self._path)


class PdfOut:
    """The office's list, Arabic and French, laid out in parts that are joined at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._whole = pikepdf.Pdf.new()
        self._letters: list[Letter] = []
        self._done = 0

    def add(self, letters: Sequence[Letter]) -> None:
        """Lay out what has gathered."""
        self._letters += letters
        while len(self._letters) >= _PDF_PART:
            self._draw(self._letters[:_PDF_PART])
            self._letters = self._letters[_PDF_PART:]

    def _draw(self, letters: Sequence[Letter]) -> None:
        context = {
            "letters": letters,
            "first": self._done + 1,
            "first_page": len(self._whole.pages) + 1,
        }
        pdf = bilingual_pdf("search/export_list.html", context)
        with pikepdf.open(io.BytesIO(pdf)) as part:
            self._whole.pages.extend(part.pages)
        self._done += len(letters)

    def close(self) -> None:
        """Lay out the rest and write the whole."""
        if self._letters or not self._done:
            self._draw(self._letters)
        self._whole.save(self._path)
        self._whole.close()
