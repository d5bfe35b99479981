"""Field teams: kept with their history, as a table, and whose orders a person sees."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from eservices.relations.models import Team
from org.checking import NAMES, checked_names, yes_or_no
from org.errors import BadOrganisationError
from org.history import record, values_of
from org.models import Department, User
from org.tables import Table

NOUN: Final = "team"  # of its changes in the history of the organisation
COLUMNS: Final = (*NAMES, "department", "active")
CODE: Final = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*\Z")
LONGEST: Final = 20
MOST_MEMBERS: Final = 60


def save_team(
    values: dict[str, Any], *, actor: User | None, team: Team | None = None
) -> tuple[Team, str]:
    """Create a team, or change one; return it with "new", "changed" or "same".

    `values` name the department by its code and the members by their user names. A team is never
    removed, since orders name it: one that is not `active` is planned no more. Raise
    BadOrganisationError.
    """
    with transaction.atomic():
        given, members = _checked(values, team)
        if team is None:
            held, before = Team.objects.create(**given), None
        else:
            held = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
            before = team_values(held)
            for name in COLUMNS:
                setattr(held, name, given[name])
            held.save(update_fields=COLUMNS)
        held.members.set(members)
        action = "created" if before is None else "changed"
        change = record(
            NOUN, held.code, action, actor=actor, before=before, after=team_values(held)
        )
        return held, "new" if before is None else "changed" if change else "same"


def team_values(team: Team) -> dict[str, Any]:
    """Return the team as its history keeps it."""
    names = team.members.order_by("username").values_list("username", flat=True)
    return {**values_of(team, COLUMNS), "members": ", ".join(names)}


def teams_of(user: User) -> "QuerySet[Team]":
    """Return the active teams in which a person works."""
    return Team.objects.filter(active=True, members=user)


def teams_in(department: Department) -> "QuerySet[Team]":
    """Return the active teams of a department."""
    return Team.objects.filter(active=True, department=department)


def give_teams(department: Department, heir: Department, actor: User) -> None:
    """Give the teams of a department that is closed to its heir, the inactive ones too."""
    rows = Team.objects.filter(department=department).select_related("department")
    for team in rows.select_for_update(of=("self",)).order_by("pk"):
        before = team_values(team)
        team.department = heir
        team.save(update_fields=["department"])
        record(NOUN, team.code, "changed", actor=actor, before=before, after=team_values(team))


def _checked(values: dict[str, Any], team: Team | None) -> tuple[dict[str, Any], list[User]]:
    given, problems = checked_names(values)
    problems |= {n: _("This is too long.") for n in NAMES if len(given[n]) > 120}
    given["active"] = bool(values.get("active", True))
    code = str(values.get("department") or "").strip().upper()
    given["department"] = Department.objects.filter(code=code, active=True).first()
    if given["department"] is None:
        problems["department"] = _("There is no such code: %(code)s") % {"code": code[:40]}
    if team is None:
        given["code"] = str(values.get("code", "")).strip().upper()
        if not CODE.match(given["code"]) or len(given["code"]) > LONGEST:
            problems["code"] = _("Capital letters, digits and hyphens, as in “EAU-1”.")
        elif Team.objects.filter(code=given["code"]).exists():
            problems["code"] = _("Another team has this code.")
    members, unknown = _members(values.get("members") or ())
    if unknown:
        words = _("There is no person with the user name %(name)s.")
        problems["members"] = words % {"name": unknown[0][:40]}
    if problems:
        raise BadOrganisationError(problems)
    return given, members


def _members(names: Sequence[str]) -> tuple[list[User], list[str]]:
    wanted = {str(name).strip() for name in names if str(name).strip()}
    found = list(User.objects.filter(username__in=sorted(wanted)[:MOST_MEMBERS], is_active=True))
    return found, sorted(wanted - {user.username for user in found})


def _save(row: dict[str, str], actor: User | None) -> str:
    team = Team.objects.filter(code=row.get("code", "").upper()).first()
    known = team_values(team) if team else {}
    values: dict[str, Any] = known | dict(row)
    values["members"] = re.split(r"[;,\s]+", str(values.get("members", "")))
    if "active" in row:
        values["active"] = yes_or_no(row["active"], "active")
    return save_team(values, actor=actor, team=team)[1]


def _rows() -> Iterator[Sequence[str]]:
    for team in Team.objects.select_related("department").prefetch_related("members"):
        names = sorted(user.username for user in team.members.all())
        yield (
            *(team.code, team.name_ar, team.name_fr, team.name_en, team.department.code),
            *(";".join(names), "yes" if team.active else "no"),
        )


TEAMS: Final = Table(
    name="teams",
    columns=("code", *NAMES, "department", "members", "active"),
    needed=("code",),
    save=_save,
    rows=_rows,
    once=str.casefold,
)
