"""Permissions: what a person may do and where, for themselves and for absent people today.

One read model, fetched once a request.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from org.compiled_queries import CompiledQuery
from org.models import Absence, Level, Membership, User

ALL_READERS = {
    User.Duty.CLERK,
    User.Duty.DIRECTOR,
    User.Duty.AUDITOR,
    User.Duty.ARCHIVIST,
}


def reads_whole_office(duty: str, *, placed: bool) -> bool:
    """Return whether they read all letters by their duty; an archivist if in no department."""
    return duty in ALL_READERS and not (placed and duty == User.Duty.ARCHIVIST)


@dataclass(frozen=True, slots=True)
class Delegation:
    """A role in a department, held for an absent person.

    `own` is the stand-in's own role there ("" for none), `level` the level up to which the stand-in
    reads.
    """

    person_id: int
    own: str
    level: int


@dataclass(frozen=True, slots=True)
class Permissions:
    """A person's duty, clearance (0..2) and departments (code → "member" | "head").

    `ids` are the ids of the departments. Among them are those of absent people for whom the person
    stands in: `delegations` names these (code → the delegation). `asked_as` gives the level up to
    which the person reads requests addressed to a person: to themselves, and to the absent (user
    id → level); `directors` are those among them who are directors now. `placed` says that they
    belong to a department, be it a closed one. `own` are the permissions without the absent
    people's.
    """

    user_id: int
    duty: str
    clearance: int
    departments: dict[str, str]
    delegations: dict[str, Delegation] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    asked_as: dict[int, int] = field(default_factory=dict)
    directors: frozenset[int] = frozenset()
    placed: bool = False

    @property
    def own(self) -> "Permissions":
        """The permissions without those lent by absent people."""
        roles = {code: self.delegations[code].own for code in self.delegations}
        kept = {code: role for code, role in (self.departments | roles).items() if role}
        myself = {pk: level for pk, level in self.asked_as.items() if pk == self.user_id}
        return replace(self, departments=kept, delegations={}, asked_as=myself)

    @property
    def reads_all(self) -> bool:
        """Whether every letter up to the clearance is readable, whatever its department.

        An archivist who belongs to departments, be they closed, reads the letters of these alone.
        """
        return reads_whole_office(self.duty, placed=self.placed)

    @property
    def oversees(self) -> bool:
        """Whether they look at customers’ affairs beside letters: the director and auditors."""
        return self.duty in {User.Duty.DIRECTOR, User.Duty.AUDITOR}

    @property
    def is_office(self) -> bool:
        """Whether this person registers and routes."""
        return self.duty == User.Duty.CLERK

    @property
    def may_watch_jobs(self) -> bool:
        """Whether they may see the office page (waiting, running, parked jobs)."""
        return self.duty in {User.Duty.CLERK, User.Duty.ADMINISTRATOR}

    @property
    def may_watch_models(self) -> bool:
        """Whether they may see what the classifier has learnt, version by version."""
        return self.duty in {User.Duty.ADMINISTRATOR, User.Duty.AUDITOR}

    @property
    def directing(self) -> int:
        """The level up to which the person reads requests to the directors; -1 for none."""
        return max((self.asked_as.get(pk, -1) for pk in self.directors), default=-1)

    def department_level(self, code: str) -> int:
        """Return the level up to which the department's letters are readable; -1 for none.

        A head reads confidential ones.
        """
        if code not in self.departments:
            return -1
        if code in self.delegations:
            return self.delegations[code].level
        return max(_floor(self.departments[code]), self.clearance)

    @property
    def highest_level(self) -> int:
        """The highest level that the person reads in any department, or by their clearance."""
        return max([self.clearance, *(self.department_level(code) for code in self.departments)])


def absences_on(day: date) -> QuerySet[Absence]:
    """Return the absences of that day that were not ended."""
    return Absence.objects.filter(starts_on__lte=day, ends_on__gte=day, ended_at__isnull=True)


_ABSENT: Final = CompiledQuery(lambda pk, day: _absent(pk, day).values_list("person_id"))


def _absent(delegate: int, day: date) -> QuerySet[Absence]:
    return absences_on(day).filter(delegate=delegate, person__is_active=True)


def stands_in_for(user: User, *, on: date) -> frozenset[int]:
    """Return the ids of those for whom this person acts on that day; read fresh each time."""
    if not user.is_active:
        return frozenset()
    return frozenset(pk for (pk,) in _ABSENT.rows(user.pk, on))


def acting_identities(
    user: User, permissions: Permissions | None = None
) -> tuple[Permissions, ...]:
    """Return the identities in which a person acts today: their own first, then the absent's.

    The absent are those for whom they stand in. `permissions` is the person's, where it was read
    already.
    """
    absent = stands_in_for(user, on=timezone.localdate())
    others = User.objects.filter(pk__in=absent).order_by("pk") if absent else ()
    return (
        (permissions or permissions_of(user)).own,
        *(permissions_of(other).own for other in others),
    )


# The permissions read already; None where they are not kept.
_cached: ContextVar[dict[int, Permissions] | None] = ContextVar("cached_permissions", default=None)


@contextmanager
def cached_permissions() -> Iterator[None]:
    """Read each person's permissions only once in the block: for a request that changes nothing.

    A block inside another one shares its cache.
    """
    known = _cached.get()
    before = _cached.set({} if known is None else known)
    try:
        yield
    finally:
        _cached.reset(before)


def permissions_of(user: User) -> Permissions:
    """Return the permissions, read anew each time, so that a right that is withdrawn ends at once.

    Inside `cached_permissions` they are read once.
    """
    known = _cached.get()
    if known is None:
        return _read(user)
    if user.pk not in known:
        known[user.pk] = _read(user)
    return known[user.pk]


def _read(user: User) -> Permissions:
    if not user.is_active:
        return Permissions(user_id=user.pk, duty=User.Duty.MEMBER, clearance=0, departments={})
    rows = [Row(*row) for row in _ROWS.rows(user.pk, timezone.localdate())]
    held = list(_with_inherited(row for row in rows if row.code and row.active))
    own = Permissions(
        user_id=user.pk,
        duty=user.duty,
        clearance=user.clearance,
        departments={row.code: row.role for row in held if row.person_id == user.pk},
        ids={row.code: row.department_id for row in held},
        asked_as=_asked_as(user, rows),
        directors=frozenset(row.person_id for row in rows if row.duty == User.Duty.DIRECTOR),
        placed=any(row.code and row.person_id == user.pk for row in rows),
    )
    return _with_delegations(own, (row for row in held if row.person_id != user.pk))


class Row(NamedTuple):
    """A person in one of their departments; the fields are None for a person without one.

    The last two name a closed department whose heir this one is, a row for each.
    """

    person_id: int
    duty: str
    clearance: int
    role: str
    department_id: int
    code: str
    active: bool
    closed_id: int | None = None
    closed_code: str | None = None


_OF = "memberships__department"
COLUMNS = (
    *("pk", "duty", "clearance", "memberships__role"),
    *(f"{_OF}_id", f"{_OF}__code", f"{_OF}__active"),
    *(f"{_OF}__inherited_from__id", f"{_OF}__inherited_from__code"),
)
ORDER = ("memberships__role", "pk")  # a head goes before a member


def _people(pk: int, day: date) -> QuerySet[User, Any]:
    """Return the person, and those for whom they stand in, with their departments."""
    away = _absent(pk, day).values("person")
    people = User.objects.filter(Q(pk=pk) | Q(pk__in=away))
    return people.order_by(*ORDER).values_list(*COLUMNS)


_ROWS: Final = CompiledQuery(_people)


def _with_inherited(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows, and the closed departments whose heirs they are, with the same role."""
    for row in rows:
        yield row
        if row.closed_id is not None and row.closed_code:
            yield row._replace(department_id=row.closed_id, code=row.closed_code)


def _asked_as(user: User, rows: Iterable[Row]) -> dict[int, int]:
    """Return the levels of `asked_as`.

    Users without read access gain none from a request addressed to them.
    """
    levels: dict[int, int] = {}
    for row in rows:
        if (row.code and row.active) or reads_whole_office(row.duty, placed=bool(row.code)):
            level = max(row.clearance, _floor(row.role) if row.active else Level.ORDINARY)
            levels[row.person_id] = max(level, levels.get(row.person_id, level))
    return {
        pk: level if pk == user.pk else min(level, user.clearance) for pk, level in levels.items()
    }


def _with_delegations(own: Permissions, rows: Iterable[Row]) -> Permissions:
    """Return the permissions with the roles of absent people, where these are more than their own.

    Nobody's clearance rises: what is lent is read up to the lower of both levels.
    """
    roles, delegations = dict(own.departments), {}
    for row in rows:
        if roles.get(row.code) in {row.role, Membership.Role.HEAD}:
            continue
        theirs = max(row.clearance, _floor(row.role))
        level = max(own.department_level(row.code), min(own.clearance, theirs))
        delegations[row.code] = Delegation(row.person_id, own.departments.get(row.code, ""), level)
        roles[row.code] = row.role
    return replace(own, departments=roles, delegations=delegations)


def _floor(role: str) -> int:
    return Level.CONFIDENTIAL if role == Membership.Role.HEAD else Level.ORDINARY
