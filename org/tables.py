"""Tables of the organisation as CSV: read with a report of each line, and written."""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from language.bidi import isolate
from org.errors import BadOrganisationError
from org.models import User
from org.row_cells import TOO_MANY, beyond
from org.signs import colon, listed
from org.workbooks import NO_WORKBOOK, UTF_16, WORKBOOKS

MOST_LINES: Final = 5000
MOST_LETTERS: Final = 2_000_000
# What a spreadsheet takes for a formula gets an apostrophe in front, which is taken off again; so
# does what follows a semicolon, which parts the cells where a spreadsheet is set to that.
# A spreadsheet that parts cells at semicolons takes no quote amid a line for one.
_BEGINS: Final = r"(^|[;\r\n][ \"]*)"
_FORMULA: Final = re.compile(_BEGINS + r"(?='*[=+\-@\t\r＝＋－＠])")
_DEFUSED: Final = re.compile(_BEGINS + r"'(?='*[=+\-@\t\r＝＋－＠])")
_MORE: Final = "\0"  # in the cells of a line that has more of them than the heading
_SHOWN: Final = 60  # signs of a cell, where a line says what it changes
Save = Callable[[dict[str, str], "User | None"], str]
csv.field_size_limit(MOST_LETTERS)


class BadTableError(Exception):
    """Raised for a file that is no table of this kind, with a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of a line: "new", "changed", "same" or "wrong".

    `words` are why it is wrong; in a dry run, what it would change.
    """

    number: int
    key: str
    outcome: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of table: its columns, of which the first is the key, and how a line is saved.

    `rows` gives the present lines, in the order of the columns. `foresee` tells, inside the
    transaction of a table that changed something, what that would do to open letters; `after` is
    called there once all lines are saved and kept. `once` gives what of a key names its row, where
    a second line of it is refused, which would overwrite the first.
    """

    name: str
    columns: Sequence[str]
    needed: Sequence[str]
    save: Save
    rows: Callable[[], Iterable[Sequence[str]]]
    foresee: Callable[[], Any] | None = None
    after: "Callable[[User | None, int], None] | None" = None
    once: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The lines of a table, and whether they were kept: all of them, or none.

    `foreseen` is what the table's `foresee` told of a dry run; `replaces` is a digest of the rows
    that the lines found there, and `stale` says that others were found than the person had seen.
    """

    lines: list[Line]
    kept: bool
    foreseen: Any = None
    replaces: str = ""
    stale: bool = False

    def count(self, outcome: str) -> int:
        """Return how many lines have this outcome."""
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def wrong(self) -> list[Line]:
        """The lines that were refused."""
        return [line for line in self.lines if line.outcome == "wrong"]


class _Rollback(Exception):
    """Roll back the transaction of a dry run, or of a table with a wrong line."""


def import_table(
    table: Table, text: str, *, actor: User | None, dry_run: bool = False, seen: str = ""
) -> Report:
    """Save all lines of a table, or none where one is wrong; a dry run saves none.

    `seen` is what the dry run that somebody looked at would replace: where that has changed since,
    this is a dry run as well. Raise BadTableError for a text that is no such table.
    """
    rows = list(_read(table, text))
    lines: list[Line] = []
    foreseen, replaces, stale = None, "", False
    try:
        with transaction.atomic():
            before = _by_key(table) if dry_run or seen else {}
            doubles = _doubles(table, rows, table.once) if table.once else {}
            for number, row in rows:
                lines.append(doubles.get(number) or _taken(table, number, row, actor))
            wrong = any(line.outcome == "wrong" for line in lines)
            changed = sum(line.outcome in ("new", "changed") for line in lines)
            replaces = _digest_of(lines, before)
            stale = bool(seen) and seen != replaces
            dry_run = dry_run or stale
            if dry_run:
                lines = list(_explained(table, lines, before))
            if changed and not wrong:
                if dry_run and table.foresee:
                    foreseen = table.foresee()
                elif not dry_run and table.after:
                    table.after(actor, changed)
            if dry_run or wrong:
                raise _Rollback
    except _Rollback:
        return Report(lines, kept=False, foreseen=foreseen, replaces=replaces, stale=stale)
    return Report(lines, kept=True)


def _digest_of(lines: Iterable[Line], before: dict[str, list[Sequence[str]]]) -> str:
    keys = [line.key.casefold() for line in lines]
    found = [(key, [list(map(str, row)) for row in before.get(key, ())]) for key in keys]
    return hashlib.sha256(repr(found).encode(errors="surrogatepass")).hexdigest()


def export_table(table: Table) -> str:
    """Return the present lines as CSV with a heading, as `import_table` reads them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([_defused(str(cell)) for cell in row] for row in table.rows())
    return out.getvalue()


def _defused(cell: str) -> str:
    return _FORMULA.sub(r"\1'", cell)


def _as_meant(cell: str) -> str:
    return _DEFUSED.sub(r"\1", cell)


def text_of(data: bytes) -> str:
    """Return the text of a file of a table. Raise BadTableError where it is none."""
    if data.startswith(WORKBOOKS):
        raise BadTableError(str(NO_WORKBOOK))
    try:
        text = data.decode("utf-16" if data.startswith(UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        words = _("This file is not in UTF-8. In a spreadsheet, save it as “CSV UTF-8”.")
        raise BadTableError(words) from error
    if not text.strip():
        raise BadTableError(_("This file is empty."))
    return text


def _doubles(
    table: Table, rows: Iterable[tuple[int, dict[str, str]]], named: Callable[[str], str]
) -> dict[int, Line]:
    first: dict[str, int] = {}
    found: dict[int, Line] = {}
    name = table.columns[0]
    for number, row in rows:
        key = row.get(name, "")
        before = first.setdefault(named(key), number) if key else number
        if before != number:
            words = _("Line %(line)d has the same %(column)s.")
            said = words % {"line": before, "column": name}
            found[number] = Line(number, key, "wrong", said)
    return found


def _taken(table: Table, number: int, row: dict[str, str], actor: User | None) -> Line:
    key = row.get(table.columns[0], "")
    if _MORE in row:
        return Line(number, key, "wrong", str(TOO_MANY))
    try:
        with transaction.atomic():
            return Line(number, key, table.save(row, actor))
    except BadOrganisationError as error:
        said = (f"{name}: {words}" if name else words for name, words in error.problems.items())
        return Line(number, key, "wrong", " ".join(said))


def _read(table: Table, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    if len(text) > MOST_LETTERS:
        raise BadTableError(_("The table is too long."))
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise BadTableError(_("This is no table in CSV."))
    head = text.split("\n", 1)[0]
    parts = max(",;\t", key=head.count)  # a comma where none of them is there
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=parts)
    _check_columns(table, reader.fieldnames)
    try:
        for count, row in enumerate(reader, start=1):
            if count > MOST_LINES:
                raise BadTableError(_("The table is too long."))
            if cells := _cells(table, row):
                yield reader.line_num, cells
    except csv.Error as error:
        raise BadTableError(_("This is no table in CSV.")) from error


def _cells(table: Table, row: dict[str | None, Any]) -> dict[str, str]:
    """Return the cells of a line, {} for an empty one.

    A cell that the line breaks off before is not among them, unless it is needed: what its row has
    there stays.
    """
    more = beyond(row.pop(None, None) or (), 0)
    given = {str(name).strip(): value for name, value in row.items() if name}
    cells = {
        name: _as_meant((value or "").strip())
        for name, value in given.items()
        if value is not None or name in table.needed
    }
    if more:
        cells[_MORE] = ""
    return cells if _MORE in cells or any(cells.values()) else {}


def _by_key(table: Table) -> dict[str, list[Sequence[str]]]:
    found: dict[str, list[Sequence[str]]] = {}
    for row in table.rows():
        found.setdefault(str(row[0]).casefold(), []).append(row)
    return found


def _explained(
    table: Table, lines: Iterable[Line], before: dict[str, list[Sequence[str]]]
) -> Iterator[Line]:
    """Yield the lines; those that change the one row of their key say what they change."""
    lines = list(lines)
    after = _by_key(table) if any(line.outcome == "changed" for line in lines) else {}
    for line in lines:
        key = line.key.casefold()
        old, new = before.get(key, ()), after.get(key, ())
        if line.outcome == "changed" and len(old) == len(new) == 1:
            yield replace(line, words=_moves(table.columns, old[0], new[0]))
        else:
            yield line


def _moves(columns: Sequence[str], old: Sequence[str], new: Sequence[str]) -> str:
    return " · ".join(
        f"{column}{colon()} {_short(before)} → {_short(after)}"
        for column, before, after in zip(columns, map(str, old), map(str, new), strict=True)
        if before != after
    )


def _short(cell: str) -> str:
    text = " ".join(cell.split())
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return isolate(shown) if shown else "—"


def _check_columns(table: Table, names: Sequence[str] | None) -> None:
    given = [str(name).strip() for name in names or ()]
    if lacking := [name for name in table.needed if name not in given]:
        words = _("These columns are missing: %(names)s")
        raise BadTableError(words % {"names": listed(lacking)})
    if doubled := sorted({name for name in given if name and given.count(name) > 1}):
        words = _("These columns are there more than once: %(names)s")
        raise BadTableError(words % {"names": listed(doubled)})
    if unknown := [name for name in given if name not in table.columns]:
        words = _("These columns are not known: %(names)s")
        raise BadTableError(words % {"names": listed(unknown)})
