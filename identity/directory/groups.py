"""Groups of the directory: the departments, and groups that an administrator gives a department.

Whoever is in such a group is a member of its department. Heads are named on the pages: the
directory neither names nor removes one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from identity.directory.callers import Caller, DirectoryRefusedError, TakenError, UnknownError
from identity.directory.people import find_all, visible_people
from identity.models import DirectoryGroup, DirectoryMember
from identity.staff import person_values, save_person
from org.models import Department, Membership, User
from org.units import heir_if_closed

DEPARTMENT: Final = "department-"
GROUP: Final = "group-"


@dataclass(frozen=True, slots=True)
class Group:
    """A group as the directory sees it."""

    key: str
    display_name: str
    external_id: str
    members: tuple[User, ...]
    changed_at: datetime | None = None


def groups(*, display_name: str | None = None, external_id: str | None = None) -> list[Group]:
    """Return the groups, departments first; on request those of a name (a department has four)."""
    units = Department.objects.filter(active=True).order_by("pk")
    rows = DirectoryGroup.objects.filter(own=False).order_by("pk")
    if display_name is not None:
        units = units.filter(_called(display_name))
        rows = rows.filter(display_name__iexact=display_name)
    if external_id is not None:
        owned = DirectoryGroup.objects.filter(own=True, external_id=external_id)
        units = units.filter(pk__in=owned.values("department"))
        rows = rows.filter(external_id=external_id)
    return [*_of_departments(units), *_of_groups(rows)]


def find(key: str) -> Group:
    """Return a group. Raise UnknownError."""
    kind, number = _split(key)
    if kind == DEPARTMENT:
        found = _of_departments(Department.objects.filter(pk=number, active=True))
    else:
        found = _of_groups(DirectoryGroup.objects.filter(pk=number, own=False))
    if not found:
        raise UnknownError(_("There is no group of this id."))
    return found[0]


def make(display_name: str, external_id: str, members: list[str], *, by: Caller) -> Group:
    """Take a group of the directory; it gives nobody a place until it has a department.

    Raise TakenError where a department or a group has the name, and UnknownError for a member.
    """
    with transaction.atomic():
        people = find_all(members)
        if groups(display_name=display_name):
            raise TakenError(_("There is a department or a group of this name: change that one."))
        now = timezone.now()
        row = DirectoryGroup.objects.create(
            display_name=display_name, external_id=external_id, made_at=now, changed_at=now
        )
        _add(row, people, by=by)
        by.changed("group_created", group=f"{GROUP}{row.pk}")
    return find(f"{GROUP}{row.pk}")


def change(
    group: Group, *, display_name: str, external_id: str, members: list[str], by: Caller
) -> Group:
    """Make a group what the directory says of it. Raise as `make`, and DirectoryRefusedError."""
    kind, number = _split(group.key)
    with transaction.atomic():
        people = find_all(members)
        if kind == DEPARTMENT:
            _change_department(group, number, display_name, external_id, people, by=by)
        else:
            _change_group(group, number, display_name, external_id, people, by=by)
    return find(group.key)


def remove(group: Group, *, by: Caller) -> None:
    """Remove a group; the places that its members had by it end. Raise DirectoryRefusedError."""
    kind, number = _split(group.key)
    if kind == DEPARTMENT:
        raise DirectoryRefusedError(_("A department is closed on the pages, and has an heir."))
    with transaction.atomic():
        row = DirectoryGroup.objects.select_for_update().get(pk=number)
        _remove(row, DirectoryMember.objects.filter(group=row), by=by)
        row.delete()
        by.changed("group_removed", group=group.key)


def give_department(row: DirectoryGroup, department: Department | None, *, actor: User) -> None:
    """Give a group a department, or none any more: its members' places follow."""
    with transaction.atomic():
        held = DirectoryGroup.objects.select_for_update().get(pk=row.pk, own=False)
        if held.department_id == (department.pk if department else None):
            return
        for member in held.members.filter(given=True).select_related("person"):
            _end_place(held, member, actor=actor)
        held.department, held.changed_at = department, timezone.now()
        held.save(update_fields=["department", "changed_at"])
        for member in held.members.select_related("person"):
            _give_place(held, member, actor=actor)


def _change_department(
    group: Group,
    number: int,
    display_name: str,
    external_id: str,
    people: list[User],
    *,
    by: Caller,
) -> None:
    unit = Department.objects.get(pk=number)
    if display_name.casefold() not in _names_of(unit):
        raise DirectoryRefusedError(_("A department is renamed on the pages."))
    if external_id != group.external_id:
        now = timezone.now()
        told = {"external_id": external_id, "changed_at": now}
        DirectoryGroup.objects.update_or_create(
            department=unit, own=True, defaults=told, create_defaults={**told, "made_at": now}
        )
    wanted = {person.pk for person in people}
    for person in people:
        if not Membership.objects.filter(user=person, department=unit).exists():
            _place(person, unit, there=True, by=by)
    rows = Membership.objects.filter(department=unit, role=Membership.Role.MEMBER)
    for row in (
        rows.exclude(user__in=wanted).filter(user__in=visible_people()).select_related("user")
    ):
        _place(row.user, unit, there=False, by=by)


def _change_group(
    group: Group,
    number: int,
    display_name: str,
    external_id: str,
    people: list[User],
    *,
    by: Caller,
) -> None:
    row = DirectoryGroup.objects.select_for_update().get(pk=number)
    others = [one for one in groups(display_name=display_name) if one.key != group.key]
    if others:
        raise TakenError(_("There is a department or a group of this name: change that one."))
    row.display_name, row.external_id, row.changed_at = display_name, external_id, timezone.now()
    row.save(update_fields=["display_name", "external_id", "changed_at"])
    _remove(row, row.members.exclude(person__in=people), by=by)
    known = set(row.members.values_list("person", flat=True))
    _add(row, [person for person in people if person.pk not in known], by=by)
    by.changed("group_changed", group=group.key)


def _add(row: DirectoryGroup, people: Iterable[User], *, by: Caller) -> None:
    for person in people:
        _not_oneself(person, row.department, by)
        member = DirectoryMember.objects.create(group=row, person=person)
        _give_place(row, member, actor=by.person)


def _remove(row: DirectoryGroup, members: "QuerySet[DirectoryMember]", *, by: Caller) -> None:
    for member in members.select_related("person"):
        if member.given:
            _not_oneself(member.person, row.department, by)
            _end_place(row, member, actor=by.person)
        member.delete()


def _give_place(row: DirectoryGroup, member: DirectoryMember, *, actor: User) -> None:
    unit = heir_if_closed(row.department)
    if unit and not Membership.objects.filter(user=member.person, department=unit).exists():
        _save_place(member.person, unit, there=True, actor=actor)
        member.given = True
        member.save(update_fields=["given"])


def _end_place(row: DirectoryGroup, member: DirectoryMember, *, actor: User) -> None:
    """End the place that a member had by the group, unless another group gives the same one."""
    unit = heir_if_closed(row.department)
    same = DirectoryMember.objects.filter(person=member.person, group__department=row.department)
    other = same.filter(group__own=False).exclude(pk=member.pk).first()
    if other:
        other.given = True
        other.save(update_fields=["given"])
    elif unit:
        place = Membership.objects.filter(user=member.person, department=unit)
        if place.filter(role=Membership.Role.MEMBER).exists():
            _save_place(member.person, unit, there=False, actor=actor)
    member.given = False
    member.save(update_fields=["given"])


def _place(person: User, unit: Department, *, there: bool, by: Caller) -> None:
    _not_oneself(person, unit, by)
    _save_place(person, unit, there=there, actor=by.person)
    by.changed("joined" if there else "left", subject=person, department=unit.code)


def _save_place(person: User, unit: Department, *, there: bool, actor: User) -> None:
    known = person_values(User.objects.get(pk=person.pk))
    roles = {code: role for code, role in known["departments"].items() if code != unit.code}
    if there:
        roles[unit.code] = str(Membership.Role.MEMBER)
    save_person({**known, "departments": roles}, actor=actor, person=person)


def _not_oneself(person: User, unit: Department | None, by: Caller) -> None:
    if unit and person.pk == by.person.pk:
        words = _("The directory does not change the account whose token it uses.")
        raise DirectoryRefusedError(words, subject=person)


def _called(name: str) -> Q:
    names = ("code", "name_fr", "name_ar", "name_en")
    found = Q()
    for column in names:
        found |= Q(**{f"{column}__iexact": name})
    return found


def _names_of(unit: Department) -> set[str]:
    names = (unit.code, unit.name_fr, unit.name_ar, unit.name_en)
    return {" ".join(name.split()).casefold() for name in names}


def _of_departments(units: "QuerySet[Department]") -> list[Group]:
    own = {row.department_id: row for row in DirectoryGroup.objects.filter(own=True)}
    there = Membership.objects.filter(department__in=units)
    people = {person.pk: person for person in visible_people().filter(pk__in=there.values("user"))}
    places: dict[int, list[User]] = {}
    for row in there.order_by("user_id"):
        if row.user_id in people:
            places.setdefault(row.department_id, []).append(people[row.user_id])
    return [
        Group(
            key=f"{DEPARTMENT}{unit.pk}",
            display_name=unit.name_fr,
            external_id=own[unit.pk].external_id if unit.pk in own else "",
            members=tuple(places.get(unit.pk, ())),
            changed_at=own[unit.pk].changed_at if unit.pk in own else None,
        )
        for unit in units
    ]


def _of_groups(rows: "QuerySet[DirectoryGroup]") -> list[Group]:
    there = DirectoryMember.objects.filter(group__in=rows)
    people = {
        person.pk: person for person in visible_people().filter(pk__in=there.values("person"))
    }
    return [
        Group(
            key=f"{GROUP}{row.pk}",
            display_name=row.display_name,
            external_id=row.external_id,
            members=tuple(
                people[member.person_id]
                for member in row.members.all()
                if member.person_id in people
            ),
            changed_at=row.changed_at,
        )
        for row in rows.prefetch_related("members")
    ]


def _split(key: str) -> tuple[str, int]:
    """Return what a key is of, and the number of its row. Raise UnknownError."""
    for kind in (DEPARTMENT, GROUP):
        number = key.removeprefix(kind)
        if number != key and number.isascii() and number.isdigit() and len(number) < 16:
            return kind, int(number)
    raise UnknownError(_("There is no group of this id."))
