"""An export's file of letters that a search found: a sheet, or the documents themselves."""

from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from registry.sheets.files import Sheet, SheetFile, open_sheet
from search.exports.rows import DAYS, HEADINGS, row_of
from search.exports.zipped import ZipFileOut

_WIDTHS: Final = (18, 12, 12, 60, 32, 20, 24, 28, 14, 12, 14, 10, 16)


def letters_sheet() -> Sheet:
    """Return the sheet with letters as rows, in the active language."""
    return Sheet(
        title=_("Letters"),
        headings=HEADINGS,
        widths=_WIDTHS,
        row_of=row_of,
        template="search/export_list.html",
        days=DAYS,
    )


def open_export(format: str, path: Path, sheet: Sheet) -> SheetFile:
    """Open a new export of that format at `path`; VaultError comes through from a ZIP."""
    return ZipFileOut(path) if format == "zip" else open_sheet(format, path, sheet)
