"""The form of a draft: addressees, department, text and template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from correspondence.answers.addressees import AddresseeData
from correspondence.forms.fields import FIELDS
from correspondence.forms.keeping import Filled, fill_for, templates_for
from correspondence.models.drafts import Addressee
from correspondence.models.forms import ReplyTemplate
from correspondence.models.replies import Reply
from language.lines import with_line_feeds
from org.models import Department, Level
from org.people import Permissions
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from web.shared.days import day_of
from web.shared.guard import StaffRequest

COLUMNS: Final = ("name", "organisation", "address", "email", "phone")
SPARE_ROWS: Final = 2
INSTEAD, BELOW = "instead", "below"  # where the text of a template goes that is filled


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A department in the form of an internal letter: not addressed (""), recipient or copy."""

    department: Department
    role: str


def departments_of(permissions: Permissions) -> list[Department]:
    """Return the departments in whose name this user writes."""
    return list(Department.objects.filter(code__in=permissions.departments, active=True))


def levels_of(permissions: Permissions) -> list[tuple[int, str]]:
    """Return the confidentiality levels at which this user writes in one of their departments."""
    top = max((permissions.department_level(code) for code in permissions.departments), default=-1)
    return [(level, str(label)) for level, label in Level.choices if level <= top]


def addressees_in(request: StaffRequest) -> list[AddresseeData]:
    """Return the filled-in addressee rows of the form."""
    columns = [request.POST.getlist(f"to_{name}") for name in (*COLUMNS, "role")]
    rows: list[dict[str, Any]] = [
        dict(zip((*COLUMNS, "role"), row, strict=True)) for row in zip(*columns, strict=False)
    ]
    return [
        AddresseeData(**{**row, "role": row["role"] or "recipient"})
        for row in rows
        if any(row[name].strip() for name in COLUMNS)
    ]


def units_in(request: StaffRequest) -> list[AddresseeData]:
    """Return the departments that were chosen, for action or for copy."""
    chosen = {
        name.removeprefix("unit-"): value
        for name, value in request.POST.items()
        if name.startswith("unit-") and value in Addressee.Role.values
    }
    units = Department.objects.filter(code__in=chosen, active=True)
    return [AddresseeData(department=unit, role=str(chosen[unit.code])) for unit in units]


def to_in(request: StaffRequest, *, direction: str) -> list[AddresseeData]:
    """Return the addressees that the form names."""
    internal = direction == Reply.Direction.INTERNAL
    return units_in(request) if internal else addressees_in(request)


def rows_shown(addressees: Iterable[AddresseeData]) -> list[AddresseeData]:
    """Return the addressee rows, with some empty ones to fill in."""
    return [*addressees, *[AddresseeData()] * SPARE_ROWS]


def unit_rows(addressees: Iterable[AddresseeData]) -> list[UnitRow]:
    """Return every department, with its role as an addressee of the letter."""
    roles = {to.department.pk: to.role for to in addressees if to.department}
    units = Department.objects.filter(active=True)
    return [UnitRow(unit, roles.get(unit.pk, "")) for unit in units]


def level_in(request: StaffRequest) -> int:
    """Return the level of confidentiality; the ordinary one where none is named."""
    value = request.POST.get("confidentiality", "0")
    return int(value) if value in {"0", "1", "2"} else 0


def day_in(request: StaffRequest) -> date | None:
    """Return the day by which an answer is wanted; raise NotAllowedError for an invalid date."""
    value = request.POST.get("answer_by", "").strip()
    day = day_of(value)
    if value and day is None:
        raise NotAllowedError(_("This is no day: %(day)s") % {"day": value})
    return day


def template_in(
    request: StaffRequest, *, department: Department | None = None, letter: Letter | None = None
) -> ReplyTemplate | None:
    """Return the template that was chosen, if this user may use it."""
    value = request.POST.get("template", "")
    rows = templates_for(request.user, department=department, letter=letter)
    return rows.filter(pk=int(value)).first() if value.isdecimal() and len(value) < 10 else None


def filled_in(
    template: ReplyTemplate,
    request: StaffRequest,
    *,
    department: Department,
    letter: Letter | None = None,
    to: AddresseeData | None = None,
) -> Filled:
    """Fill the template for this letter and addressee.

    Raise NotAllowedError, with the reason, where it cannot be filled.
    """
    subject = request.POST.get("subject", "").strip()
    return fill_for(
        template, actor=request.user, department=department, letter=letter, to=to, subject=subject
    )


def words_in(request: StaffRequest) -> dict[str, Any]:
    """Return subject and text as they were typed, for showing the form again.

    `file_again`: a file was chosen, which no page can give back.
    """
    typed = {name: request.POST.get(name, "") for name in ("subject", "body", "template")}
    return typed | {"file_again": "file" in request.FILES}


def after_filling(request: StaffRequest, filled: Filled) -> dict[str, Any]:
    """Return the form's text once a template was filled, and the fields that had no value.

    What was typed stays: who wrote it chooses whether the template's text stands in its place or
    below it.
    """
    text, lacking = filled.text, [str(FIELDS[name]) for name in filled.lacking]
    typed, how = with_line_feeds(request.POST.get("body", "")).rstrip(), request.POST.get("fill")
    if how == BELOW and typed:
        return {"body": f"{typed}\n\n{text}", "lacking": lacking}
    asks = bool(typed) and how != INSTEAD and typed != text.rstrip()
    return {"body": typed if asks else text, "asks_where": asks, "lacking": lacking}
