"""Backlog, due list, refusals and outcomes as files: the same columns in every format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from figures.lists import ListFilter, rows_of, total_of
from figures.scope import work_scope
from org.models import User
from registry.sheets.cells import day_cell, plain
from registry.sheets.files import Sheet, SheetPage, Source
from routing.models.assignments import Assignment

_HEADINGS: Final = (
    gettext_lazy("Number"),
    gettext_lazy("Received"),
    gettext_lazy("Subject"),
    gettext_lazy("Sender"),
    gettext_lazy("Kind"),
    gettext_lazy("Department"),
    gettext_lazy("Person"),
    gettext_lazy("State"),
    gettext_lazy("Assigned"),
    gettext_lazy("Due"),
    gettext_lazy("Refused"),
    gettext_lazy("Reason"),
)
_WIDTHS: Final = (18, 12, 60, 32, 24, 28, 22, 18, 12, 12, 12, 40)
_OUTCOME_HEADINGS: Final = (
    *_HEADINGS[:10],
    gettext_lazy("Signed off"),
    gettext_lazy("How it was settled"),
    gettext_lazy("Outcome"),
)
_OUTCOME_WIDTHS: Final = (*_WIDTHS[:10], 12, 24, 34)
# Headings of the PDF, which has both languages.
_TITLES: Final = {
    "backlog": ("Courriers en instance", "المراسلات غير المسواة"),
    "due": ("Échéancier", "لائحة الآجال"),
    "refusals": ("Refus des services", "المراسلات المرفوضة"),
    "outcomes": ("Suites données aux réclamations", "مآل الشكايات"),
}


class ExportRequest(Protocol):
    """A request for a list at an address (a row of exports)."""

    person: User
    source: str
    address: str


def address_of_list(asked: ListFilter) -> str:
    """Return the list as one line, for `list_of_address`; without its name."""
    values = asdict(asked)
    values.pop("name")
    return urlencode({name: value for name, value in values.items() if value})


def list_of_address(name: str, address: str) -> ListFilter:
    """Return the list of an address that `address_of_list` wrote."""
    pairs: dict[str, Any] = dict(parse_qsl(address))
    for day in ("since", "until"):
        if day in pairs:
            pairs[day] = date.fromisoformat(pairs[day])
    if "person" in pairs:
        pairs["person"] = int(pairs["person"])
    return ListFilter(name=name, **pairs)


def list_source(export: ExportRequest) -> Source:
    """Return the rows of a list for a file, as the person may read them now."""
    asked = list_of_address(export.source, export.address)
    french, arabic = _TITLES[asked.name]
    decided = asked.name == "outcomes"
    sheet = Sheet(
        title=_("Letters"),
        headings=_OUTCOME_HEADINGS if decided else _HEADINGS,
        widths=_OUTCOME_WIDTHS if decided else _WIDTHS,
        row_of=decided_row_of if decided else row_of,
        template="figures/list_part.html",
        days=frozenset({1, 8, 9, 10}),
        context={
            "french": french,
            "arabic": arabic,
            "refusals": asked.name == "refusals",
            "outcomes": decided,
        },
    )
    return Source(sheet, _pages(export.person, asked), settings.BOOK_MAX_LETTERS)


def _pages(person: User, asked: ListFilter) -> Iterator[SheetPage]:
    scope = work_scope(person)
    total = total_of(scope, asked)
    for rows in rows_of(scope, asked):
        yield SheetPage(rows, [row.letter_id for row in rows], total)


def row_of(row: Assignment) -> list[Any]:
    """Return the assignment's cells, in the active language."""
    refused = row.state == "refused"
    return [
        *_cells(row),
        day_cell(row.decided_at) if refused else None,
        plain(row.reason),
    ]


def decided_row_of(row: Assignment) -> list[Any]:
    """Return the cells of a complaint's last sign-off; the outcome says if none is recorded."""
    return [
        *_cells(row),
        day_cell(row.signed_off_at),
        str(row.get_method_display()),
        outcome_words(row),
    ]


def outcome_words(row: Assignment) -> str:
    """Return the outcome of the assignment's letter (`with_outcome`), or that none is recorded."""
    letter: Any = row.letter
    said = letter.outcome_said
    return str(said[0].get_value_display()) if said else _("Not recorded")


def _cells(row: Assignment) -> list[Any]:
    letter = row.letter
    return [
        letter.number,
        day_cell(letter.received_at),
        plain(letter.subject),
        plain(letter.sender.shown_name) if letter.sender else "",
        str(letter.kind) if letter.kind else "",
        str(row.department),
        plain(row.person.shown_name) if row.person else "",
        str(row.get_state_display()),
        day_cell(row.assigned_at),
        row.due_on,
    ]
