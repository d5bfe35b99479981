"""Distribution lists as a table: one line a list, departments as CODE:role, with semicolons."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from language.lines import one_line
from org.checking import yes_or_no
from org.errors import BadOrganisationError
from org.models import Department, User
from org.tables import Table
from routing.acting.errors import NotAllowedError
from routing.assigning.lists import history_values, keep_list
from routing.models.distribution import ROLES, DistributionList


def _save(row: dict[str, str], actor: User | None) -> str:
    name = one_line(row.get("name", ""), 100)
    held = DistributionList.objects.filter(name__iexact=name).first()
    before = history_values(held) if held else None
    roles = _roles(row["departments"]) if row.get("departments") else {}
    if held and "departments" not in row:
        roles = history_values(held)["departments"]
    units = Department.objects.in_bulk(list(roles), field_name="code")
    if unknown := [code for code in roles if code not in units]:
        words = _("There is no such code: %(code)s") % {"code": unknown[0][:40]}
        raise BadOrganisationError({"departments": words})
    active = yes_or_no(row.get("active", ""), "active", empty=not held or held.active)
    entries = [(units[code], role) for code, role in roles.items()]
    if before == {"title": name, "active": active, "departments": roles}:
        return "same"
    try:
        keep_list(held, name=name, entries=entries, actor=actor, active=active)
    except NotAllowedError as error:
        raise BadOrganisationError({"": str(error)}) from error
    return "changed" if before else "new"


def _roles(text: str) -> dict[str, str]:
    roles: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        code, _colon, role = part.partition(":")
        role = role.strip() or "copy"
        if role not in dict(ROLES):
            raise BadOrganisationError({"departments": _("A role is “action” or “copy”.")})
        roles[code.strip().upper()] = role
    return roles


def _rows() -> Iterator[Sequence[str]]:
    for row in DistributionList.objects.prefetch_related("entries__department"):
        told = ((entry.department.code, entry.role) for entry in row.entries.all())
        named = ";".join(f"{code}:{role}" for code, role in sorted(told))
        yield (row.name, named, "yes" if row.active else "no")


DISTRIBUTION = Table(
    name="distribution",
    columns=("name", "departments", "active"),
    needed=("name",),
    save=_save,
    rows=_rows,
    once=str.casefold,
)
