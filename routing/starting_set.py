"""An office begins: lists, calendar and rules from a starting set, and the first administrator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from identity.staff import save_person
from org.calendar import propose_year
from org.departments_table import DEPARTMENTS
from org.errors import BadOrganisationError
from org.institution import keep_institution
from org.letter_kinds import save_kind
from org.models import Department, FirstRun, Holiday, LetterKind, Logo, User
from org.starting import (
    load_departments,
    starting_kinds,
    starting_registers,
    starting_set,
)
from org.tables import import_table
from registry import first_run
from registry.book.beginning import begin_with
from registry.book.registers import save_register
from registry.models.registers import Register
from registry.states import ConflictError
from routing.rules.defaults import load_defaults

PATTERN: Final = "{year}/{register}/{serial:06d}"


@dataclass(frozen=True, slots=True)
class Beginning:
    """The answers given to the wizard.

    `institution` are the fields of `org.institution`; the departments come from the set of that
    code, or from `table` (CSV); `patterns` and `firsts` (numbers with which this
    year goes on) map codes of registers; `administrator` and `clerk` are
    values of `save_person`, the clerk perhaps empty.
    """

    institution: Mapping[str, Any]
    starting_set: str
    administrator: Mapping[str, Any]
    password: str
    logo: str = ""
    table: str = ""
    patterns: Mapping[str, str] | None = None
    firsts: Mapping[str, int] | None = None
    holidays: bool = True
    clerk: Mapping[str, Any] | None = None


def load_lists(
    code: str, *, patterns: Mapping[str, str] | None = None, table: str = "", actor: User | None
) -> None:
    """Create departments, kinds, registers and rules, each list only where it is empty.

    Raise BadOrganisationError for a pattern or a table that is of no use.
    """
    with transaction.atomic():
        if table and not Department.objects.exists():
            report = import_table(DEPARTMENTS, table, actor=actor)
            if report.wrong:
                raise BadOrganisationError({"table": report.wrong[0].words})
        load_departments(starting_set(code), actor=actor)
        if not LetterKind.objects.exists():
            for position, row in enumerate(starting_kinds()):
                values = {"code": row.code, **row.names, "position": position}
                save_kind(values, actor=actor)
        if not Register.objects.exists():
            for row in starting_registers():
                pattern = (patterns or {}).get(row.code, PATTERN)
                values = {"code": row.code, "direction": row.of, **row.names, "pattern": pattern}
                save_register(values, actor=actor)
        load_defaults()


def begin_office(run: FirstRun, told: Beginning) -> tuple[User, User | None]:
    """Set the office up in one transaction; return the administrator and the clerk, if any.

    Raise ConflictError where the link ended or somebody was faster, BadOrganisationError for
    what is refused.
    """
    with transaction.atomic():
        if not first_run.use(run):
            raise ConflictError
        load_lists(told.starting_set, patterns=told.patterns, table=told.table, actor=None)
        firsts = told.firsts or {}
        for register in Register.objects.filter(code__in=firsts):
            begin_with(register, firsts[register.code], actor=None)
        values = {**told.administrator, "duty": User.Duty.ADMINISTRATOR, "departments": {}}
        administrator, _outcome = save_person(values, actor=None)
        administrator.set_password(told.password)
        administrator.save(update_fields=["password"])
        keep_institution(
            dict(told.institution),
            actor=administrator,
            valid_from=timezone.localdate(),
            logo=Logo.objects.filter(pk=told.logo).first() if told.logo else None,
        )
        _keep_calendar(told.holidays, today=timezone.localdate())
        return administrator, _first_clerk(told.clerk, actor=administrator)


def _keep_calendar(wanted: bool, *, today: date) -> None:
    if not wanted:
        Holiday.objects.filter(proposed=True).delete()
        return
    for year in (today.year, today.year + 1):
        propose_year(year)


def _first_clerk(values: Mapping[str, Any] | None, *, actor: User) -> User | None:
    """Create the first clerk, a member of the registry office where there is one."""
    if not values:
        return None
    office = Department.objects.filter(head_office=True, active=True).first()
    roles = {office.code: "member"} if office else {}
    try:
        made, _outcome = save_person(
            {**values, "duty": User.Duty.CLERK, "departments": roles}, actor=actor
        )
    except BadOrganisationError as error:
        words = {f"clerk_{name}" if name else "": said for name, said in error.problems.items()}
        raise BadOrganisationError(dict(words) or {"": _("The clerk is refused.")}) from error
    return made
