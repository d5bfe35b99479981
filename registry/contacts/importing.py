"""Import of contacts from a table (CSV), repeatable without duplicates.

Columns are recognised by their names in any of the office's languages.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

from django.db import transaction

from language.fold import fold
from language.names import SAME, name_likeness
from org.models import User
from org.row_cells import beyond
from org.workbooks import UTF_16, WORKBOOKS
from registry.contacts.directory import (
    LANGUAGES,
    BadContactError,
    ContactData,
    Point,
    add_point,
    compared,
    create_contact,
)
from registry.models.contacts import NAME, VALUE, Contact, ContactPoint

BATCH: Final = 200  # lines in a transaction
MOST_LINES: Final = 1_000_000
SAME_NAMED: Final = 50  # contacts of exactly one name that are looked at
_COLUMNS: Final = {
    "name": "name nom nom_complet الاسم الاسم_الكامل",
    "organisation": "organisation organization organisme societe raison_sociale"
    " المنظمة الهيئة الشركة",
    "email": "email e_mail mail courriel البريد_الالكتروني البريد",
    "phone": "phone telephone tel gsm mobile الهاتف",
    "customer": "customer_number customer numero_client n_client client contrat police رقم_الزبون"
    " رقم_العقد",
    "address": "address adresse العنوان",
    "language": "language langue اللغة",
}
_BY_SPELLING: Final = {
    fold(spelling): column for column, line in _COLUMNS.items() for spelling in line.split()
}
_MORE: Final = "\0"  # in a line with more cells than the heading
_POINTS: Final = ("email", "phone", "customer", "address")
_LANGUAGES: Final = {
    "arabe": "ar",
    "عربيه": "ar",
    "العربيه": "ar",
    "francais": "fr",
    "anglais": "en",
}


class BadTableError(ValueError):
    """The file is no table of contacts; the message is a code of `import_words`."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A skipped line: its number in the file (from 1), the column, and a code."""

    line: int
    column: str
    problem: str  # missing, too_long, unusable, belongs_to_another, no_language, too_many_cells


@dataclass(slots=True)
class Imported:
    """The counts of an import, and its skipped lines."""

    created: int = 0
    completed: int = 0
    unchanged: int = 0
    bad: list[BadLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    name: str
    kind: str
    language: str
    points: tuple[Point, ...]


def import_contacts(source: TextIO, *, actor: User | None, dry_run: bool = False) -> Imported:
    """Read a CSV with a header and put every good line into the directory.

    A line whose identifier and name are known completes that contact (new points, a language where
    none stood) and never overwrites. Separator: comma, semicolon or tab. Raise BadTableError. With
    `dry_run` everything is checked and nothing is written.
    """
    done = Imported()
    for batch in _batches(_lines(source, done)):
        with transaction.atomic():
            for line in batch:
                _take(line, done, actor=actor)
            if dry_run:
                transaction.set_rollback(True)
    done.bad.sort(key=lambda bad: bad.line)
    return done


@contextmanager
def opened_table(path: Path) -> Iterator[TextIO]:
    """Open a table as a spreadsheet saves it: CSV in UTF-8, or as Unicode text.

    Raise OSError; BadTableError for a workbook.
    """
    with path.open("rb") as file:
        begins = file.read(4)
        if begins.startswith(WORKBOOKS):
            raise BadTableError("workbook")
        file.seek(0)
        encoding = "utf-16" if begins.startswith(UTF_16) else "utf-8-sig"
        with io.TextIOWrapper(file, encoding=encoding, newline="") as source:
            yield source


def _batches(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    batch: list[_Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _lines(source: TextIO, done: Imported) -> Iterator[_Line]:
    """Yield the good lines; the others are recorded in `done`."""
    rows = _table(source)
    try:
        for number, row in rows:
            if number > MOST_LINES:
                return
            if any(row.values()):
                line = _checked(number, row, done)
                if line:
                    yield line
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadTableError("not_text") from error


def _table(source: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, column → value) of each line under the header."""
    try:
        header = source.readline().lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise BadTableError("not_text") from error
    separator = max(",;\t", key=header.count)
    titles = next(csv.reader([header], delimiter=separator), [])
    columns = [
        _BY_SPELLING.get("_".join(fold(t).replace("-", " ").replace("'", " ").split()))
        for t in titles
    ]
    if not any(columns):
        raise BadTableError("no_columns")
    if not {"name", "organisation"} & set(columns):
        raise BadTableError("no_name")
    reader = csv.reader(source, delimiter=separator)
    for cells in reader:
        pairs = zip(columns, cells, strict=False)
        row = {name: cell.strip() for name, cell in pairs if name}
        if beyond(cells, len(columns)):
            row[_MORE] = "yes"
        yield reader.line_num + 1, row


def _checked(number: int, row: dict[str, str], done: Imported) -> _Line | None:
    name, organisation = row.get("name", ""), row.get("organisation", "")
    problem = _problem_of(row, name or organisation)
    if problem:
        done.bad.append(BadLine(number, *problem))
        return None
    points = tuple(Point(kind, row[kind]) for kind in _POINTS if row.get(kind))
    kind = Contact.Kind.PERSON if name else Contact.Kind.ORGANISATION
    return _Line(number, name or organisation, kind, _language(row) or "", points)


def _problem_of(row: dict[str, str], name: str) -> tuple[str, str] | None:
    """Return (column, code) of what is wrong with a line; None where nothing is."""
    if _MORE in row:
        return "", "too_many_cells"
    if not name:
        return "name", "missing"
    if len(name) > NAME:
        return "name", "too_long"
    if _language(row) is None:
        return "language", "no_language"
    for kind in _POINTS:
        value = row.get(kind, "")
        if len(value) > VALUE:
            return kind, "too_long"
        if value and not compared(kind, value):
            return kind, "unusable"
    return None


def _language(row: dict[str, str]) -> str | None:
    given = fold(row.get("language", ""))
    code = _LANGUAGES.get(given, given[:2])
    return code if code in LANGUAGES else None


def _take(line: _Line, done: Imported, *, actor: User | None) -> None:
    try:
        known = _known(line)
        if known is None:
            data = ContactData(
                line.name, kind=line.kind, language=line.language, points=line.points
            )
            create_contact(data, actor=actor)
            done.created += 1
        elif _complete(known, line, actor=actor):
            done.completed += 1
        else:
            done.unchanged += 1
    except BadContactError as error:
        problem = "belongs_to_another" if error.field == "owner" else "unusable"
        column = "customer" if error.field == "owner" else error.field
        done.bad.append(BadLine(line.number, column, problem))


def _known(line: _Line) -> Contact | None:
    """Return the contact that this line is, by an identifier and the name.

    By the very same name where the line has no identifier. Raise BadContactError where its
    customer number is another's.
    """
    identified = False
    for point in line.points:
        if point.kind == ContactPoint.Kind.ADDRESS:
            continue
        identified = True
        rows = ContactPoint.objects.filter(
            kind=point.kind, compared=compared(point.kind, point.value)
        ).select_related("contact__root")
        owners = [row.contact.root or row.contact for row in rows.order_by("pk")[:SAME_NAMED]]
        same = [owner for owner in owners if name_likeness(owner.name, line.name) >= SAME]
        if same:
            return same[0]
        if owners and point.kind == ContactPoint.Kind.CUSTOMER:
            raise BadContactError("owner")
    if identified:
        return None
    return _same_named(line)


def _same_named(line: _Line) -> Contact | None:
    rows = Contact.objects.filter(merged_into=None, sort_name=fold(line.name)[:NAME])
    addresses = {compared(p.kind, p.value) for p in line.points}
    for contact in rows.order_by("pk")[:SAME_NAMED]:
        theirs = contact.points.filter(kind=ContactPoint.Kind.ADDRESS)
        if not addresses or addresses & set(theirs.values_list("compared", flat=True)):
            return contact
    return None


def _complete(contact: Contact, line: _Line, *, actor: Any) -> bool:
    """Add what the contact lacks; return whether there was anything."""
    before = ContactPoint.objects.filter(contact=contact).count()
    for point in line.points:
        add_point(contact, kind=point.kind, value=point.value, actor=actor)
    filled = 0
    if line.language:
        empty = Contact.objects.filter(pk=contact.pk, language="")
        filled = empty.update(language=line.language)
    return bool(filled) or ContactPoint.objects.filter(contact=contact).count() > before
