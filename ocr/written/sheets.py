"""The sheets of a workbook as a person sees them: visible content, row by row, cells by tabs."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from ocr.limits import Limits

_COLUMNS = 500  # more are no real table, and every row is padded to the widest
_LITERAL = re.compile(r'"([^"]*)"')
_DECIMALS = re.compile(r"0\.(0+)")


def xlsx_pages(path: Path, limits: Limits) -> list[str]:
    """Return a page for each sheet that is not hidden: its title and its rows.

    Raise what openpyxl does on broken files.
    """
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return [_sheet(sheet, limits) for sheet in shown or book.worksheets]
    finally:
        book.close()


def _sheet(sheet: Any, limits: Limits) -> str:
    lines, size = [str(sheet.title)], 0
    sheet.reset_dimensions()  # what the file claims may be a million columns
    for number, row in enumerate(sheet.iter_rows(max_col=_COLUMNS)):
        if number >= limits.rows or size > limits.page_chars:
            break
        cells = [shown(cell.value, cell.number_format) for cell in row if cell.value is not None]
        if cells:
            lines.append("\t".join(cells))
            size += len(lines[-1])
    return "\n".join(lines)


def shown(value: object, number_format: str) -> str:
    """Return a value as the sheet shows it.

    Dates by day, month, year unless the year leads; decimals, percents and words in the format
    kept. Separators of thousands are left out: they are a matter of the reader's country, and
    numbers without them are found.
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime | dt.date):
        return _date(value, number_format)
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, int | float):
        return _number(value, number_format.split(";")[0])
    return str(value)


def _date(value: dt.datetime | dt.date, number_format: str) -> str:
    year_first = number_format.lower().lstrip('"[$-0123456789]').startswith("y")
    day = value.strftime("%Y-%m-%d" if year_first else "%d/%m/%Y")
    if isinstance(value, dt.datetime) and (value.hour or value.minute):
        return f"{day} {value:%H:%M}"
    return day


def _number(value: float, number_format: str) -> str:
    bare = _LITERAL.sub("", number_format)
    percent = "%" in bare
    decimals = _DECIMALS.search(bare)
    number = value * 100 if percent else value
    if decimals:
        text = f"{number:.{len(decimals.group(1))}f}"
    elif percent or (isinstance(value, float) and value.is_integer()):
        text = f"{number:.0f}"
    else:
        text = str(value)
    words = " ".join(_LITERAL.findall(number_format)).strip()
    return " ".join(part for part in (text + "%" * percent, words) if part)
