"""The facets of the search page: values with counts, selected and removed by links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from org.compiled_queries import CompiledQuery, columns_of, instance_of
from org.models import Department, LetterKind
from org.written_days import date_format
from registry.book.versions import faces_on
from registry.models.letters import Channel
from registry.models.registers import Register
from registry.states import Stage
from search.services import SearchRequest
from web.context import LANGUAGES
from web.desk.chips import Chip

# Facets of the page, in this order: (code of the search contract, heading).
FACETS: Final = (
    ("department", _("Responsible unit")),
    ("kind", _("Kind")),
    ("stage", _("Stage")),
    ("overdue", _("Due date")),
    ("register", _("Register")),
    ("direction", _("Direction")),
    ("year", _("Year")),
    ("month", _("Month")),
    ("language", _("Language")),
    ("channel", _("Channel")),
    ("sender_state", _("Sender")),
)
_SENDER_STATES: Final = {
    "confirmed": pgettext_lazy("sender", "confirmed"),
    "proposed": pgettext_lazy("sender", "proposed"),
    "unknown": pgettext_lazy("sender", "unknown"),
}
SHOWN: Final = 8  # values shown at first; the others are folded away
MOST: Final = 60
_MOST_MONTHS: Final = 12  # earlier months are in the histogram
_TIMES: Final = frozenset({"year", "month"})  # newest first, not by count
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")

# What every page of search names: all rows of small tables.
_NAMED: Final[tuple[tuple[Any, CompiledQuery], ...]] = (
    (Department, CompiledQuery(lambda: Department.objects.values_list(*columns_of(Department)))),
    (LetterKind, CompiledQuery(lambda: LetterKind.objects.values_list(*columns_of(LetterKind)))),
    (Register, CompiledQuery(lambda: Register.objects.values_list(*columns_of(Register)))),
)

Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its count (None: not counted), whether chosen, and its link."""

    label: str
    count: int | None
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A heading with its values; those in `more` are folded away."""

    code: str
    heading: Any
    choices: list[Choice]
    more: list[Choice]


def facets_of(
    asked: SearchRequest, counts: Mapping[str, Mapping[str, int]], names: Names
) -> list[Facet]:
    """Return the facets worth showing: with at least two values, or one that is chosen."""
    made = [_facet(asked, code, heading, counts.get(code, {}), names) for code, heading in FACETS]
    return [facet for facet in made if facet]


def _facet(
    asked: SearchRequest, code: str, heading: Any, counts: Mapping[str, int], names: Names
) -> Facet | None:
    if code == "overdue":
        return _overdue(asked, heading, counts)
    chosen = set(asked.filters.get(code, ()))
    values = {value for value, count in counts.items() if count and value} | chosen
    if not (chosen or len(values) > 1):
        return None
    if code in _TIMES:
        order = sorted(values, reverse=True)
    else:
        order = sorted(values, key=lambda value: (-counts.get(value, 0), value))
    order.sort(key=lambda value: value not in chosen)
    choices = [
        Choice(
            label=label_of(code, value, names),
            count=counts.get(value, 0) if counts else None,
            chosen=value in chosen,
            address=asked.toggled(code, value).address(),
        )
        for value in order[: _MOST_MONTHS if code == "month" else MOST]
    ]
    shown = max(SHOWN, len(chosen))
    if len(choices) <= shown + 1:  # do not fold away a single value
        shown += 1
    return Facet(code, heading, choices[:shown], choices[shown:])


def _overdue(asked: SearchRequest, heading: Any, counts: Mapping[str, int]) -> Facet | None:
    count = sum(counts.values()) if counts else None
    address = asked.toggled("overdue", "").address()
    if not (asked.overdue or count != 0):
        return None
    return Facet("overdue", heading, [Choice(str(OVERDUE), count, asked.overdue, address)], [])


OVERDUE: Final = _("Overdue")


def chips_of(asked: SearchRequest, names: Names) -> list[Chip]:
    """Return all active filters, each with the link that removes it."""
    chips = [
        Chip(label_of(code, value, names), asked.toggled(code, value).address())
        for code, values in asked.filters.items()
        for value in values
    ]
    if asked.overdue:
        chips.append(Chip(str(OVERDUE), replace(asked, overdue=False).address()))
    if asked.after:
        words = _("from %(day)s") % {"day": date_format(asked.after, "j F Y")}
        chips.append(Chip(words, replace(asked, after=None).address()))
    if asked.before:
        words = _("to %(day)s") % {"day": date_format(asked.before, "j F Y")}
        chips.append(Chip(words, replace(asked, before=None).address()))
    return chips


def label_of(code: str, value: str, names: Names) -> str:
    """Return the label of a value."""
    if code == "month" and _MONTH.fullmatch(value):
        return date_format(date(int(value[:4]) or 1, int(value[5:]), 1), "F Y")
    return names.get((code, value), value)


def labels() -> Names:
    """Map (facet, value) to its label."""
    departments, kinds, registers = (
        [instance_of(model, row) for row in query.rows()] for model, query in _NAMED
    )
    names = {("department", row.code): row.name for row in departments}
    names |= {("kind", row.code): row.name for row in kinds}
    faces = faces_on(registers)
    names |= {("register", row.code): faces[row.pk].name for row in registers}
    names |= {("sender_state", value): str(label) for value, label in _SENDER_STATES.items()}
    names |= {("direction", value): str(label) for value, label in Register.Direction.choices}
    names |= {("stage", value): str(label) for value, label in Stage.choices}
    names |= {("channel", value): str(label) for value, label in Channel.choices}
    names |= {("language", code): name for code, name, _short in LANGUAGES}
    return names
