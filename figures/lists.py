"""Lists of the office's work: backlog by age, due letters, refusals, outcomes of complaints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from figures.counting import OUTCOMES
from figures.scope import Scope
from org.days import end_of_week, midnight, midnight_after
from org.models import LetterKind, User
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.states import Stage
from routing.closing.outcomes import COMPLAINT
from routing.inbox.narrowing import SPANS, due_within
from routing.inbox.reading import WAITING_STAGES, Parts, unreadable, with_outcome
from routing.inbox.shown import assignments_among, with_outcomes
from routing.models.assignments import Assignment
from routing.models.closing import Outcome
from routing.models.states import LIVE, AssignmentState

LISTS: Final = ("backlog", "due", "refusals", "outcomes")
ORDERS: Final = {
    "backlog": ("assigned_at", "pk"),
    "due": ("due_on", "pk"),
    "refusals": ("-decided_at", "-pk"),
    "outcomes": ("-signed_off_at", "-pk"),
}
# Days since the department got the letter: from, to (None: without end).
AGES: Final[dict[str, tuple[int, int | None]]] = {
    "week": (0, 7),
    "month": (8, 30),
    "two_months": (31, 60),
    "older": (61, None),
}
UNRECORDED: Final = "unrecorded"
BANDS: Final = {
    "backlog": (*AGES, "late"),
    "due": SPANS,
    "refusals": (),
    "outcomes": (*OUTCOMES, UNRECORDED),
}
STATES: Final[dict[str, tuple[str, ...]]] = {
    "backlog": LIVE,
    "due": LIVE,
    "refusals": (AssignmentState.REFUSED,),
    "outcomes": (AssignmentState.SIGNED_OFF,),
}
_MOST: Final = 10  # reasons, or people


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which rows of a list: department, kind and channel codes, person id, band, and days.

    A band is one of age, time or outcome; days from and to are of the assignment, the due day, the
    refusal, or the sign-off.
    """

    name: str
    department: str = ""
    kind: str = ""
    channel: str = ""
    person: int | None = None
    band: str = ""
    since: date | None = None
    until: date | None = None


def listed(scope: Scope, asked: ListFilter) -> Parts[Assignment]:
    """Return the rows, in ORDERS of the list, of letters that the scope may read."""
    parts = [
        _of_letters(_narrowed(rows.filter(state=state, role=Assignment.Role.ACTION), asked), asked)
        for rows in _readable(scope, asked.department, together=asked.name != "outcomes")
        for state in STATES[asked.name]
    ]
    if asked.name == "outcomes":
        return Parts([with_outcome(_shown(part)) for part in parts], _with_outcomes)
    return Parts([_shown(part) for part in parts], assignments_among)


def _treated(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Return the last sign-offs of closed complaints, as the figures count them."""
    complaints = LetterKind.objects.filter(code__startswith=COMPLAINT)
    later = Assignment.objects.filter(
        Q(signed_off_at__gt=OuterRef("signed_off_at"))
        | Q(signed_off_at=OuterRef("signed_off_at"), pk__gt=OuterRef("pk")),
        letter=OuterRef("letter"),
        role=Assignment.Role.ACTION,
        state=AssignmentState.SIGNED_OFF,
    )
    # Each row's letter is looked up: a database would otherwise begin with all closed complaints.
    closed = Letter.objects.filter(
        pk=OuterRef("letter"),
        stage=Stage.CLOSED,
        kind__in=list(complaints.values_list("pk", flat=True)),
        register__direction=Register.Direction.INCOMING,
    )
    return rows.filter(Exists(closed), ~Exists(later))


def _readable(scope: Scope, code: str, *, together: bool = True) -> Iterator[QuerySet[Assignment]]:
    """Yield the departments' assignments: one part for all, or one for each.

    Together only where an index has all departments' rows in the order of the list.
    """
    rows = Assignment.objects.exclude(letter__stage=Stage.VOIDED)
    everywhere = scope.everything and not code
    if everywhere and together:
        yield rows.filter(letter__confidentiality__lte=scope.clearance)
        return
    for one in scope.codes(code):
        yield rows.filter(
            department_id=scope.departments[one].pk,
            letter__confidentiality__lte=scope.clearance if everywhere else scope.levels[one],
        )


def _shown(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return rows.select_related(
        "department", "person", "letter__register", "letter__kind"
    ).prefetch_related("letter__parties")


def _with_outcomes(ids: Sequence[UUID]) -> dict[UUID, Assignment]:
    return with_outcomes(assignments_among(ids))


def _standing() -> QuerySet[Outcome]:
    return Outcome.objects.filter(standing=True)


def _narrowed(rows: QuerySet[Assignment], asked: ListFilter) -> QuerySet[Assignment]:
    column = ORDERS[asked.name][0].lstrip("-")
    if asked.name == "due":
        rows = rows.filter(due_on__isnull=False)
        if asked.since:
            rows = rows.filter(due_on__gte=asked.since)
        if asked.until:
            rows = rows.filter(due_on__lte=asked.until)
    else:
        if asked.since:
            rows = rows.filter(**{f"{column}__gte": midnight(asked.since)})
        if asked.until:
            rows = rows.filter(**{f"{column}__lt": midnight_after(asked.until)})
    if asked.name == "outcomes":
        rows = _treated(rows)
    if asked.band:
        rows = rows.filter(_band(asked.name, asked.band))
    return rows.filter(person_id=asked.person) if asked.person else rows


def _of_letters(rows: QuerySet[Assignment], asked: ListFilter) -> QuerySet[Assignment]:
    if asked.kind:
        rows = rows.filter(letter__kind__code=asked.kind)
    if asked.channel:
        rows = rows.filter(letter__channel=asked.channel)
    return rows


def _of_open_letters(rows: QuerySet[Assignment], asked: ListFilter) -> QuerySet[Assignment]:
    """Return the same where all rows are read, starting from the open letters of a kind.

    An index has these letters; then follow their assignments, not every open letter.
    """
    if asked.name in ("refusals", "outcomes") or not (asked.kind or asked.channel):
        return _of_letters(rows, asked)
    letters = Letter.objects.filter(stage__in=WAITING_STAGES)
    if asked.kind:
        letters = letters.filter(kind__in=LetterKind.objects.filter(code=asked.kind).values("pk"))
    if asked.channel:
        letters = letters.filter(channel=asked.channel)
    return rows.filter(letter__in=letters.values("pk"))


def _band(name: str, band: str) -> Q:
    """Return the rows of a band of age or time; all of them for a band the list does not have."""
    today = timezone.localdate()
    if band not in BANDS[name]:
        return Q()
    if name == "outcomes":
        said = _standing() if band == UNRECORDED else _standing().filter(value=band)
        found = Exists(said.filter(letter=OuterRef("letter")))
        return Q(~found) if band == UNRECORDED else Q(found)
    if band == "late" or name == "due":
        return due_within(band)
    first, last = AGES[band]
    newest = Q(assigned_at__lt=midnight(today - timedelta(days=first - 1)))
    oldest = Q() if last is None else Q(assigned_at__gte=midnight(today - timedelta(days=last)))
    return newest & oldest


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
    wanted = {band: Count("pk", filter=_band(asked.name, band)) for band in bands}
    rows = _of_open_letters(_narrowed(_counted(scope, asked), asked), asked)
    rows = _within(rows, scope, asked).values(column).order_by()
    return list(rows.annotate(total=Count("pk"), **wanted))


def _within(rows: QuerySet[Assignment], scope: Scope, asked: ListFilter) -> QuerySet[Assignment]:
    """Filter the rows by the letters the scope may read (`_readable`), by the faster query."""
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
    return Assignment.objects.filter(
        department__in=scope.ids(asked.department),
        state__in=STATES[asked.name],
        role=Assignment.Role.ACTION,
    )


def reasons(scope: Scope, asked: ListFilter) -> list[dict[str, Any]]:
    """Return the commonest reasons of refusals: {reason, total}, of letters that may be read."""
    found: dict[str, int] = {}
    for rows in _readable(scope, asked.department):
        refused = rows.filter(state=AssignmentState.REFUSED, role=Assignment.Role.ACTION)
        some = _of_letters(_narrowed(refused, asked), asked)
        for reason, total in (
            some.values_list("reason").annotate(n=Count("pk")).order_by("-n")[:_MOST]
        ):
            found[reason] = found.get(reason, 0) + total
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [{"reason": reason, "total": total} for reason, total in best[:_MOST]]


def total_of(scope: Scope, asked: ListFilter) -> int:
    """Return how many rows the list has."""
    return sum(part.order_by().count() for part in listed(scope, asked).first)


def rows_of(scope: Scope, asked: ListFilter, *, at_once: int = 100) -> Iterator[list[Assignment]]:
    """Yield all rows, so many at a time, in the list's order within each part; for files."""
    order = ORDERS[asked.name]
    for part in listed(scope, asked).first:
        after = Q()
        while True:
            some = list(part.filter(after).order_by(*order)[:at_once])
            if not some:
                break
            yield some
            after = _beyond(some[-1], order)


def _beyond(last: Assignment, order: tuple[str, str]) -> Q:
    column, way = order[0].lstrip("-"), "lt" if order[0].startswith("-") else "gt"
    value = getattr(last, column)
    return Q(**{f"{column}__{way}e": value}) & (
        Q(**{f"{column}__{way}": value}) | Q(**{f"pk__{way}": last.pk})
    )
