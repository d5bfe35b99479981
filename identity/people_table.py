"""People as a table: one line a person, departments as CODE:role, joined by semicolons."""

from collections.abc import Iterator, Sequence

from identity.staff import COLUMNS, roles_of, save_person
from org.checking import yes_or_no
from org.models import User
from org.tables import Table


def _save(row: dict[str, str], actor: User | None) -> str:
    """Save a line; a column that the table lacks keeps what the person has."""
    username = row.get("username", "").lower()
    person = User.objects.filter(username__iexact=username).first()
    values: dict[str, object] = {"username": username}
    if person:
        values |= {name: getattr(person, name) for name in COLUMNS}
        values["departments"] = roles_of(person)
    values |= {name: value for name, value in row.items() if name in COLUMNS}
    if "active" in row:
        values["is_active"] = yes_or_no(row["active"], "active")
    if "departments" in row:
        values["departments"] = _roles(row["departments"])
    return save_person(values, actor=actor, person=person)[1]


def _roles(text: str) -> dict[str, str]:
    roles: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in text.replace("|", ";").split(";"))):
        code, _colon, role = part.partition(":")
        roles[code.strip()] = role.strip() or "member"
    return roles


def _rows() -> Iterator[Sequence[str]]:
    for person in User.objects.order_by("username").prefetch_related("memberships__department"):
        held = sorted((row.department.code, row.role) for row in person.memberships.all())
        yield (
            person.username,
            *(str(getattr(person, name)) for name in PEOPLE.columns[1:-2]),
            ";".join(f"{code}:{role}" for code, role in held),
            "yes" if person.is_active else "no",
        )


PEOPLE = Table(
    name="people",
    columns=(
        *("username", "first_name", "last_name", "name_ar", "email", "function"),
        *("duty", "clearance", "language", "departments", "active"),
    ),
    needed=("username",),
    save=_save,
    rows=_rows,
    once=str.casefold,
)
