"""Lists of the office's work: backlog by age, due letters, refusals, outcomes of complaints.

What stands above them: `figures.list_counts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from figures.counting import OUTCOMES
from figures.scope import Scope
from org.days import midnight, midnight_after
from org.models import LetterKind
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.states import Stage
from routing.closing.outcomes import COMPLAINT
from routing.inbox.narrowing import SPANS, due_within
from routing.inbox.reading import Parts, with_outcome
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
    action = Assignment.objects.filter(role=Assignment.Role.ACTION)
    # Narrowed down before it falls into parts, of which the outcomes have one a department.
    narrowed = of_letters(narrowed_down(action, asked), asked)
    together = asked.name != "outcomes"
    parts = [
        rows.filter(state=state)
        for rows in readable(narrowed, scope, asked.department, together=together)
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


def readable(
    rows: QuerySet[Assignment], scope: Scope, code: str, *, together: bool = True
) -> Iterator[QuerySet[Assignment]]:
    """Yield those of the departments' assignments that may be read: in one part, or in one each.

    Together only where an index has all departments' rows in the order of the list.
    """
    rows = rows.exclude(letter__stage=Stage.VOIDED)
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


def standing_outcomes() -> QuerySet[Outcome]:
    """Return the outcomes that are valid."""
    return Outcome.objects.filter(standing=True)


def narrowed_down(rows: QuerySet[Assignment], asked: ListFilter) -> QuerySet[Assignment]:
    """Return the rows of the days, band and person that are asked for."""
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
        rows = rows.filter(band_of(asked.name, asked.band))
    return rows.filter(person_id=asked.person) if asked.person else rows


def of_letters(rows: QuerySet[Assignment], asked: ListFilter) -> QuerySet[Assignment]:
    """Return the rows of letters of the kind and channel."""
    if asked.kind:
        rows = rows.filter(letter__kind__code=asked.kind)
    if asked.channel:
        rows = rows.filter(letter__channel=asked.channel)
    return rows


def band_of(name: str, band: str) -> Q:
    """Return the rows of a band of age or time; all of them for a band the list does not have."""
    today = timezone.localdate()
    if band not in BANDS[name]:
        return Q()
    if name == "outcomes":
        said = standing_outcomes() if band == UNRECORDED else standing_outcomes().filter(value=band)
        found = Exists(said.filter(letter=OuterRef("letter")))
        return Q(~found) if band == UNRECORDED else Q(found)
    if band == "late" or name == "due":
        return due_within(band)
    first, last = AGES[band]
    newest = Q(assigned_at__lt=midnight(today - timedelta(days=first - 1)))
    oldest = Q() if last is None else Q(assigned_at__gte=midnight(today - timedelta(days=last)))
    return newest & oldest


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
