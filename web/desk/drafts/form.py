"""What people fill in about a draft: to whom, in whose name, in what words, by which template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from correspondence.answers.addressees import To
from correspondence.forms.keeping import Filled, fill_for, templates_for
from correspondence.models.drafts import Addressee
from correspondence.models.forms import ReplyTemplate
from correspondence.models.replies import Reply
from org.models import Department, Level
from org.people import Permissions
from registry.intake import IncomingFile
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from web.desk.files import arriving
from web.desk.guard import StaffRequest

FIELDS: Final = ("name", "organisation", "address", "email", "phone")
SPARE_ROWS: Final = 2


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A department in the form of an internal letter: not written to (""), recipient or copy."""

    department: Department
    role: str


def departments_of(permissions: Permissions) -> list[Department]:
    """The departments in whose name this person writes."""
    return list(Department.objects.filter(code__in=permissions.departments, active=True))


def levels_of(permissions: Permissions) -> list[tuple[int, str]]:
    """The levels of confidentiality at which this person writes in one of their departments."""
    top = max((permissions.department_level(code) for code in permissions.departments), default=-1)
    return [(level, str(label)) for level, label in Level.choices if level <= top]


def addressees_in(request: StaffRequest) -> list[To]:
    """The rows of the form's envelope that were filled in."""
    columns = [request.POST.getlist(f"to_{name}") for name in (*FIELDS, "role")]
    rows: list[dict[str, Any]] = [
        dict(zip((*FIELDS, "role"), row, strict=True)) for row in zip(*columns, strict=False)
    ]
    return [
        To(**{**row, "role": row["role"] or "recipient"})
        for row in rows
        if any(row[name].strip() for name in FIELDS)
    ]


def units_in(request: StaffRequest) -> list[To]:
    """The departments that were chosen, for action or for copy."""
    chosen = {
        name.removeprefix("unit-"): value
        for name, value in request.POST.items()
        if name.startswith("unit-") and value in Addressee.Role.values
    }
    units = Department.objects.filter(code__in=chosen, active=True)
    return [To(department=unit, role=str(chosen[unit.code])) for unit in units]


def to_in(request: StaffRequest, *, direction: str) -> list[To]:
    """To whom the form writes."""
    internal = direction == Reply.Direction.INTERNAL
    return units_in(request) if internal else addressees_in(request)


def rows_shown(addressees: Iterable[To]) -> list[To]:
    """The rows of the envelope, with some to fill in."""
    return [*addressees, *[To()] * SPARE_ROWS]


def unit_rows(addressees: Iterable[To]) -> list[UnitRow]:
    """Every department, with what it gets of the letter."""
    roles = {to.department.pk: to.role for to in addressees if to.department}
    units = Department.objects.filter(active=True)
    return [UnitRow(unit, roles.get(unit.pk, "")) for unit in units]


def level_in(request: StaffRequest) -> int:
    """The level of confidentiality; the ordinary one where none is named."""
    value = request.POST.get("confidentiality", "0")
    return int(value) if value in {"0", "1", "2"} else 0


def day_in(request: StaffRequest) -> date | None:
    """By when an answer is wanted; NotAllowedError for what is no day."""
    value = request.POST.get("answer_by", "").strip()
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise NotAllowedError(_("This is no day: %(day)s") % {"day": value}) from None


def file_in(request: StaffRequest) -> IncomingFile | None:
    """The file that was chosen."""
    upload = request.FILES.get("file")
    return arriving(upload) if upload else None


def template_in(
    request: StaffRequest, *, department: Department | None = None, letter: Letter | None = None
) -> ReplyTemplate | None:
    """The template that was chosen, if it is one of theirs."""
    value = request.POST.get("template", "")
    rows = templates_for(request.user, department=department, letter=letter)
    return rows.filter(pk=int(value)).first() if value.isdecimal() and len(value) < 10 else None


def filled_in(
    template: ReplyTemplate,
    request: StaffRequest,
    *,
    department: Department,
    letter: Letter | None = None,
    to: To | None = None,
) -> Filled:
    """The template filled for this letter and addressee; NotAllowedError says why it cannot be."""
    subject = request.POST.get("subject", "").strip()
    return fill_for(
        template, actor=request.user, department=department, letter=letter, to=to, subject=subject
    )


def words_in(request: StaffRequest) -> dict[str, Any]:
    """Subject and text as they were typed, for showing the form again."""
    return {name: request.POST.get(name, "") for name in ("subject", "body", "template")}
