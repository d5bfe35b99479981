"""People of the staff for a bench: each with a name of their own and the demo's password."""

from typing import Final

from benches._counter import PASSWORD

DEPARTMENTS: Final = ("EAU", "ELEC", "ASS", "COM")


def names(role: str, count: int) -> list[str]:
    """Return the log-in names of a role."""
    return [f"{role}-{number:02d}" for number in range(1, count + 1)]


def department_of(place: int) -> str:
    """Return which department a clerk of the desk heads besides."""
    return DEPARTMENTS[place % len(DEPARTMENTS)]


def add_people(depositing: int, desk: int, searching: int) -> None:
    """Add clerks of the registry office; those of the desk head a department besides."""
    from django.contrib.auth.hashers import make_password
    from django.db import transaction

    hashed = make_password(PASSWORD)
    roles = {"deposit": depositing, "desk": desk, "search": searching}
    with transaction.atomic():
        for role, count in roles.items():
            for place, name in enumerate(names(role, count)):
                head = department_of(place) if role == "desk" else ""
                _add(name, hashed, head)


def _add(name: str, hashed: str, head: str) -> None:
    from org.models import Department, Membership, User

    user, _made = User.objects.get_or_create(
        username=name,
        defaults={"first_name": name, "last_name": "Banc", "duty": "clerk", "password": hashed},
    )
    rows = [("BO", "member"), *([(head, "head")] if head else [])]
    for code, role in rows:
        department = Department.objects.get(code=code)
        Membership.objects.get_or_create(user=user, department=department, defaults={"role": role})
