"""Export of the register as a book: every number of a day, a month or a year, in order.

Letters above the reader's clearance show their number and day only, as on the day's page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from org.days import TYPED_YEARS, midnight
from org.models import User
from registry.book.versions import face_on
from registry.models.letters import Letter, Party
from registry.models.querysets import LetterQuerySet
from registry.models.registers import Register
from registry.sheets.cells import day_cell, plain
from registry.sheets.files import Sheet, SheetPage, Source
from registry.states import Stage

CHUNK: Final = 200
_PERIOD: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_HEADINGS: Final = (
    gettext_lazy("Number"),
    pgettext_lazy("day", "Registered"),
    gettext_lazy("Correspondent"),
    gettext_lazy("Subject"),
    gettext_lazy("Kind"),
    gettext_lazy("Responsible unit"),
    gettext_lazy("Outcome"),
)
_WIDTHS: Final = (18, 12, 36, 60, 24, 28, 16)


class ExportRequest(Protocol):
    """A request for a book, with its address (a row of exports)."""

    person: User
    address: str


@dataclass(frozen=True, slots=True)
class BookPeriod:
    """A register (its code), a year, and in it a period in ISO form: 2026, 2026-03, 2026-03-05.

    Raises ValueError for a period that is invalid, or of another year.
    """

    register: str
    year: int
    period: str

    def __post_init__(self) -> None:
        self.days()
        if self.period[:4] != f"{self.year:04d}":
            raise ValueError(self.period)

    def days(self) -> tuple[date, date]:
        """Return the first day, and the day after the last."""
        if not _PERIOD.fullmatch(self.period):
            raise ValueError(self.period)
        parts = [int(part) for part in self.period.split("-")]
        first = date(*[*parts, 1, 1][:3])
        if first.year not in TYPED_YEARS:
            raise ValueError(self.period)
        if len(parts) == 1:
            return first, date(first.year + 1, 1, 1)
        if len(parts) == 2:
            return first, (first + timedelta(days=32)).replace(day=1)
        return first, first + timedelta(days=1)

    def address(self) -> str:
        """Return the book as one line, for `book_of`."""
        return urlencode({"register": self.register, "year": self.year, "period": self.period})


def book_of(address: str) -> BookPeriod:
    """Return the book of an address. Raise ValueError (or its KeyError) for an invalid one."""
    pairs = dict(parse_qsl(address))
    try:
        return BookPeriod(pairs["register"], int(pairs["year"]), pairs["period"])
    except KeyError as error:
        raise ValueError(address) from error


def entries(asked: BookPeriod) -> LetterQuerySet:
    """Return all letters of the book, whoever may read them; the year is that of the number."""
    rows: LetterQuerySet = Letter.objects.filter(register__code=asked.register, year=asked.year)
    if len(asked.period) == 4:
        return rows
    first, end = (midnight(day) for day in asked.days())
    return rows.filter(registered_at__gte=first, registered_at__lt=end)


@dataclass(frozen=True, slots=True)
class BookEntry:
    """A line of the book; one that is not `readable` shows number and day only."""

    letter: Letter
    readable: bool

    @property
    def voided(self) -> bool:
        """Whether it stands struck through."""
        return bool(self.letter.stage == Stage.VOIDED)

    @property
    def correspondent(self) -> str:
        """The sender; of an outgoing letter the recipient."""
        out = self.letter.register.direction == Register.Direction.OUTGOING
        role = Party.Role.RECIPIENT if out else Party.Role.SENDER
        return ", ".join(p.shown_name for p in self.letter.parties.all() if p.role == role)


def book_source(export: ExportRequest) -> Source:
    """Return the lines of a book for a file, as the person may read them now."""
    asked = book_of(export.address)
    last = min(asked.days()[1] - timedelta(days=1), timezone.localdate())
    register = face_on(Register.objects.get(code=asked.register), last)
    sheet = Sheet(
        title=f"{register.name} {asked.period}"[:31].translate(
            str.maketrans("[]:*?/\\", "       ")
        ),
        headings=_HEADINGS,
        widths=_WIDTHS,
        row_of=row_of,
        template="registry/book_part.html",
        days=frozenset({1}),
        context={"register": register, "period": asked.period, "timezone": settings.TIME_ZONE},
    )
    return Source(sheet, _pages(export.person, asked), settings.BOOK_MAX_LETTERS)


def _pages(person: User, asked: BookPeriod) -> Iterator[SheetPage]:
    rows = entries(asked)
    total, serial = rows.count(), 0
    while True:
        letters = list(rows.filter(serial__gt=serial).for_lists().order_by("serial")[:CHUNK])
        if not letters:
            return
        serial = letters[-1].serial
        ids = [letter.pk for letter in letters]
        own = Letter.objects.visible_to(person).filter(pk__in=ids)
        visible = set(own.values_list("pk", flat=True))
        lines = [BookEntry(letter, letter.pk in visible) for letter in letters]
        yield SheetPage(lines, [pk for pk in ids if pk in visible], total)


def row_of(entry: BookEntry) -> list[Any]:
    """Return the entry's cells, in the current language."""
    letter = entry.letter
    head = [letter.number, day_cell(letter.registered_at)]
    if not entry.readable:
        return [*head, "", _("Confidential entry"), "", "", ""]
    return [
        *head,
        plain(entry.correspondent),
        plain(letter.subject),
        str(letter.kind) if letter.kind else "",
        str(letter.department) if letter.department else "",
        str(letter.get_stage_display()),
    ]
