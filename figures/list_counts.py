"""Numbers above a list of work: by department and band, by person, the commonest reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from figures.lists import (
    BANDS,
    STATES,
    UNRECORDED,
    ListFilter,
    band_of,
    narrowed_down,
    of_letters,
    readable,
    standing_outcomes,
)
from figures.scope import Scope
from org.days import end_of_week
from org.models import LetterKind, User
from registry.models.letters import Letter
from registry.states import Stage
from routing.inbox.narrowing import SPANS
from routing.inbox.reading import WAITING_STAGES, unreadable
from routing.models.assignments import Assignment
from routing.models.states import LIVE, AssignmentState

_MOST: Final = 10  # reasons, or people


def counts(scope: Scope, asked: ListFilter) -> list[dict[str, Any]]:
    """Return for each department with any: {department, total, and a number for each band}.

    Counted are the letters that the list may show. The filter by band is not applied.
    """
    by_id = {scope.departments[code].pk: code for code in scope.codes(asked.department)}
    found = _grouped(scope, replace(asked, band=""), "department_id", BANDS[asked.name])
    numbers = [
        {"department": scope.departments[by_id[row.pop("department_id")]], **row} for row in found
    ]
    return sorted(numbers, key=lambda row: (row["department"].position, row["department"].code))


def by_person(scope: Scope, asked: ListFilter) -> list[dict[str, Any]]:
    """Return what is due of each person of a department: {person, total, late, today, week}."""
    ends = end_of_week(timezone.localdate())
    until = min(asked.until, ends) if asked.until else ends
    wanted = replace(asked, band="", person=None, until=until)
    found = [row for row in _grouped(scope, wanted, "person_id", SPANS) if row["person_id"]]
    found = sorted(found, key=lambda row: (-row["total"], row["person_id"]))[:_MOST]
    people = User.objects.in_bulk([row["person_id"] for row in found])
    return [{"person": people[row["person_id"]], **row} for row in found]


def _grouped(
    scope: Scope, asked: ListFilter, column: str, bands: Iterable[str]
) -> list[dict[str, Any]]:
    """Return {column, total, and a number for each band}."""
    rows = _of_open_letters(narrowed_down(_counted(scope, asked), asked), asked)
    rows = _within(rows, scope, asked).order_by()
    if asked.name == "outcomes":
        return _by_outcome(rows, column, bands)
    wanted = {band: Count("pk", filter=band_of(asked.name, band)) for band in bands}
    return list(rows.values(column).annotate(total=Count("pk"), **wanted))


def _by_outcome(
    rows: QuerySet[Assignment], column: str, bands: Iterable[str]
) -> list[dict[str, Any]]:
    """Return the same for outcomes: each letter's is looked up once, not once a band."""
    said = Subquery(standing_outcomes().filter(letter=OuterRef("letter")).values("value")[:1])
    found: dict[Any, dict[str, Any]] = {}
    for key, value, count in rows.values_list(column, said).annotate(n=Count("pk")):
        row = found.setdefault(key, {column: key, "total": 0, **dict.fromkeys(bands, 0)})
        row[value or UNRECORDED] += count
        row["total"] += count
    return list(found.values())


def _within(rows: QuerySet[Assignment], scope: Scope, asked: ListFilter) -> QuerySet[Assignment]:
    """Filter the rows by the letters the scope may read (`readable`), by the faster query."""
    everywhere = scope.everything and not asked.department
    departments: dict[int, list[int]] = {}
    for code in scope.codes(asked.department):
        level = scope.clearance if everywhere else scope.levels[code]
        departments.setdefault(level, []).append(scope.departments[code].pk)
    if STATES[asked.name] == LIVE:
        return rows.exclude(unreadable(departments))
    mine = Q(pk=None)
    for level, ids in departments.items():
        mine |= Q(department__in=ids, letter__confidentiality__lte=level)
    return rows.filter(mine).exclude(letter__stage=Stage.VOIDED)


def _counted(scope: Scope, asked: ListFilter) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(
        department__in=scope.ids(asked.department), state__in=STATES[asked.name]
    )
    if asked.name == "outcomes":
        # By an equal role SQLite finds all that a department ever did, not what it did on the days.
        return rows.exclude(role=Assignment.Role.COPY)
    return rows.filter(role=Assignment.Role.ACTION)


def reasons(scope: Scope, asked: ListFilter) -> list[dict[str, Any]]:
    """Return the commonest reasons of refusals: {reason, total}, of letters that may be read."""
    found: dict[str, int] = {}
    refused = Assignment.objects.filter(state=AssignmentState.REFUSED, role=Assignment.Role.ACTION)
    for some in readable(of_letters(narrowed_down(refused, asked), asked), scope, asked.department):
        for reason, total in (
            some.values_list("reason").annotate(n=Count("pk")).order_by("-n")[:_MOST]
        ):
            found[reason] = found.get(reason, 0) + total
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [{"reason": reason, "total": total} for reason, total in best[:_MOST]]


def _of_open_letters(rows: QuerySet[Assignment], asked: ListFilter) -> QuerySet[Assignment]:
    """Return what `of_letters` does where all rows are read: from the open letters of a kind on.

    An index has these letters; then follow their assignments, not every open letter.
    """
    if asked.name in ("refusals", "outcomes") or not (asked.kind or asked.channel):
        return of_letters(rows, asked)
    letters = Letter.objects.filter(stage__in=WAITING_STAGES)
    if asked.kind:
        letters = letters.filter(kind__in=LetterKind.objects.filter(code=asked.kind).values("pk"))
    if asked.channel:
        letters = letters.filter(channel=asked.channel)
    return rows.filter(letter__in=letters.values("pk"))
