"""Lists for pages: the office's tray, a department's inbox, the rows of a letter."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Count,
    Exists,
    F,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)
from django.utils import timezone

from org.compiled_queries import CompiledQuery, columns_of, compiled_rows, filled_up, instance_of
from org.models import Level, User
from org.people import cached_permissions, permissions_of
from registry.models.letters import Letter
from registry.models.querysets import LetterQuerySet
from registry.models.registers import Register
from registry.states import Stage
from routing.acting.situations import ROUTED
from routing.inbox.narrowing import EVERYTHING, Narrowing, in_order, narrow
from routing.inbox.shown import assignments_among, with_outcomes
from routing.models.assignments import Assignment
from routing.models.closing import Outcome
from routing.models.states import LIVE, AssignmentState
from routing.models.suggestions import Suggestion

Viewer = User | AnonymousUser
Row = TypeVar("Row", bound=Model)
_REGISTERS: Final = CompiledQuery(lambda: Register.objects.values_list("pk"))
_SUGGESTIONS: Final = CompiledQuery(
    lambda *ids: Suggestion.objects.filter(letter__in=ids, current=True).values_list(
        *columns_of(Suggestion)
    )
)
_ROUTED_REGISTERS: Final = CompiledQuery(
    lambda: Register.objects.filter(direction__in=ROUTED).values_list("pk")
)
WAITING_STAGES = (Stage.REGISTERED, Stage.IN_HAND, Stage.ANSWERED)


@dataclass(frozen=True, slots=True)
class Parts(Generic[Row]):
    """A list in several parts, each in the list's order by an index; `later` follows `first`.

    A database that sorts must read all rows; merging the heads of sorted parts reads a page.
    `dress` returns rows by their ids, with what they show: a page asks it for its own rows alone.
    """

    first: Sequence[QuerySet[Row, Any]]
    dress: Callable[[Sequence[UUID]], dict[UUID, Row]]
    later: Sequence[QuerySet[Row, Any]] = ()


def tray(viewer: Viewer) -> LetterQuerySet:
    """Return letters that wait for the office: no department has them for action; oldest first.

    Each has its current suggestions prefetched (`letter.suggestions.all()`, best first) and
    `for_lists`. Empty for users who do not route.
    """
    letters: LetterQuerySet = tray_keys(viewer).defer(None)
    rows: LetterQuerySet = letters.for_lists().prefetch_related(
        Prefetch("suggestions", Suggestion.objects.filter(current=True))
    )
    return rows


def suggestions_of_all(ids: Sequence[UUID]) -> dict[UUID, list[Suggestion]]:
    """Return the current suggestions of each of these letters, best first; one query."""
    found: dict[UUID, list[Suggestion]] = {pk: [] for pk in ids}
    for row in _SUGGESTIONS.rows(*filled_up(ids)) if ids else ():
        suggestion = instance_of(Suggestion, row)
        found[suggestion.letter_id].append(suggestion)
    return found


def tray_keys(viewer: Viewer) -> LetterQuerySet:
    """Return the tray's letters with only `pk` and `registered_at`, which an index covers."""
    if not isinstance(viewer, User):
        return Letter.objects.none()
    permissions = permissions_of(viewer)
    if not (permissions.is_office or permissions.duty == User.Duty.DIRECTOR):
        return Letter.objects.none()
    registers = routed_registers()
    live = Assignment.objects.filter(letter=OuterRef("pk"), role="action", state__in=LIVE)
    letters: LetterQuerySet = (
        Letter.objects.visible_to(viewer)
        .filter(~Exists(live), stage__in=WAITING_STAGES, register__in=registers)
        .only("pk", "registered_at")
        .order_by("registered_at", "pk")
    )
    return letters


def routed_registers() -> list[int]:
    """Return the ids of the registers whose letters are routed; one query.

    Looked up before: through a join a database would scan all letters, an index has the letters of
    a register that stand at a stage.
    """
    return [pk for (pk,) in _ROUTED_REGISTERS.rows()]


def tray_count(viewer: Viewer, *, most: int) -> int:
    """Return how many letters the tray holds, at most so many."""
    if not isinstance(viewer, User):
        return 0
    with cached_permissions():
        registers = tuple(routed_registers())
        key = ("tray", repr(permissions_of(viewer)), registers, most)
        return len(
            compiled_rows(key, lambda: tray_keys(viewer).order_by().values_list("pk")[:most])
        )


def inbox(viewer: Viewer) -> QuerySet[Assignment]:
    """Return live assignments of the viewer's departments that they may read, most urgent first."""
    if not isinstance(viewer, User):
        return Assignment.objects.none()
    mine = Q()
    for level, departments in _own(viewer).items():
        mine |= Q(department__in=departments, letter__confidentiality__lte=level)
    rows = _shown(Assignment.objects.filter(mine, state__in=LIVE)) if mine else None
    if rows is None:
        return Assignment.objects.none()
    return rows.order_by(F("due_on").asc(nulls_last=True), "assigned_at", "pk")


def _own(viewer: Viewer, *, code: str = "") -> dict[int, list[int]]:
    """Return level up to which letters are readable → the person's departments (ids) of that level.

    Letters that a department has or has settled are addressed to it: only the level is checked.
    """
    if not isinstance(viewer, User):
        return {}
    permissions = permissions_of(viewer)
    own: dict[int, list[int]] = {}
    for name in sorted(permissions.departments):
        if code in ("", name):
            level = permissions.department_level(name)
            own.setdefault(level, []).append(permissions.ids[name])
    return own


def _shown(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Add what a row of an inbox shows; leave out voided letters."""
    return (
        rows.exclude(letter__stage=Stage.VOIDED)
        .select_related(
            "department", "person", "letter__register", "letter__kind", "letter__department"
        )
        .prefetch_related("letter__parties")
    )


def _each_own(viewer: Viewer, code: str) -> Iterator[QuerySet[Assignment]]:
    """Yield the assignments, live or settled, of each of the person's departments in turn."""
    for level, departments in _own(viewer, code=code).items():
        for department in departments:
            yield _shown(
                Assignment.objects.filter(
                    department_id=department, letter__confidentiality__lte=level
                )
            )


def inbox_parts(
    viewer: Viewer, *, states: Sequence[str] = LIVE, asked: Narrowing = EVERYTHING
) -> Parts[Assignment]:
    """Return the inbox as filtered, in its order (ORDERS), in sorted parts.

    Those in an order by due day have it as `day`, NEVER where there is none; those by sender have
    `sender_name`.
    """
    first: list[QuerySet[Assignment]] = []
    later: list[QuerySet[Assignment]] = []
    for rows in _each_own(viewer, asked.department):
        begun, rest = in_order(narrow(rows, asked), asked.order, states)
        first += begun
        later += rest
    return Parts(first, inbox_rows, () if asked.due else later)


def settled_parts(viewer: Viewer, *, department: str = "") -> Parts[Assignment]:
    """Return what the person's departments have signed off, by `-signed_off_at` and `-pk`."""
    settled = AssignmentState.SIGNED_OFF
    parts = [rows.filter(state=settled) for rows in _each_own(viewer, department)]
    return Parts(parts, lambda ids: with_outcomes(inbox_rows(ids)))


def inbox_rows(ids: Sequence[UUID]) -> dict[UUID, Assignment]:
    """Return these assignments with what a row of an inbox shows; without voided letters."""
    found = assignments_among(ids)
    return {pk: row for pk, row in found.items() if row.letter.stage != Stage.VOIDED}


def with_outcome(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Add `outcome_said` to the letters of the assignments: the valid outcome, or nothing."""
    standing = Outcome.objects.filter(standing=True)
    said = Prefetch("letter__outcomes", standing, to_attr="outcome_said")
    return rows.prefetch_related(said)


def inbox_counts(viewer: Viewer) -> dict[str, int]:
    """Return how many assignments of the inbox are open, accepted, and late."""
    own, today = _own(viewer), timezone.localdate()
    # The registers: those of `unreadable`.
    key = ("inbox counts", repr(own), today, tuple(_REGISTERS.rows()))
    found = dict.fromkeys(("open", "accepted", "late"), 0)
    for state, count, overdue in compiled_rows(key, lambda: _counted(own, today)):
        found[state] += count
        found["late"] += overdue
    return found


def _counted(own: Mapping[int, Iterable[int]], today: date) -> QuerySet[Assignment, Any]:
    """Return state, number and number overdue of the live assignments of these departments."""
    mine = Assignment.objects.filter(department__in=[pk for pks in own.values() for pk in pks])
    mine = mine.filter(state__in=LIVE).exclude(unreadable(own))
    late = Count("pk", filter=Q(due_on__lt=today))
    return mine.values_list("state").annotate(n=Count("pk"), late=late).order_by()


def unreadable(departments: Mapping[int, Iterable[int]]) -> Q:
    """Return live assignments of letters that are voided, or too confidential for their department.

    `departments`: level up to which letters are readable → ids of the departments of that level.
    To be excluded where rows are counted: these letters are few and an index has them. An
    assignment for action never has a closed letter; copies may, and each is looked up.
    """
    # Looked up before: with them an index has the letters of a stage.
    registers = [pk for (pk,) in _REGISTERS.rows()]
    letters = Letter.objects.filter(register__in=registers)
    found = Q(letter__in=letters.filter(stage=Stage.VOIDED).values("pk"))
    for level, ids in departments.items():
        if level < max(Level.values):
            secret = letters.filter(stage__in=WAITING_STAGES, confidentiality__gt=level)
            copied = Letter.objects.filter(pk=OuterRef("letter"), confidentiality__gt=level)
            copies = Q(role=Assignment.Role.COPY) & Q(Exists(copied))
            found |= Q(department__in=list(ids)) & (Q(letter__in=secret.values("pk")) | copies)
    return found


def assignments_of(letter: Letter) -> QuerySet[Assignment]:
    """Return all assignments of a letter, in their order."""
    rows = Assignment.objects.filter(letter=letter)
    return rows.select_related("department", "person", "assigned_by").order_by("assigned_at", "pk")


def suggestions_of(letter: Letter) -> QuerySet[Suggestion]:
    """Return the machine's current suggestions for a letter, field by field, best first."""
    return Suggestion.objects.filter(letter=letter, current=True).select_related("decided_by")
