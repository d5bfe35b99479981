"""Assignment of a letter to one department, or to several for action and with copies at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.bidi import isolate
from language.lines import one_line
from org.models import Department, User
from org.signs import listed
from registry.changes import record_change
from registry.models.letters import Letter
from registry.states import Stage
from routing.acting.changing import changing_letter
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb
from routing.assigning.readers import grant_read_access, responsible
from routing.clocks.due import due_of, give_due
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.states import LIVE

MOST_TARGETS: Final = 20


@dataclass(frozen=True, slots=True)
class Target:
    """A department that gets the letter. `matter` is its part of a letter that holds several."""

    department: Department
    role: str = Assignment.Role.ACTION
    person: User | None = None
    note: str = ""
    matter: str = ""


def assign(
    letter: Letter,
    *,
    department: Department,
    actor: User,
    role: str = Assignment.Role.ACTION,
    person: User | None = None,
    note: str = "",
) -> Assignment:
    """Give a letter to a department, which may read it from then on.

    A closed letter is opened again. Raise NotAllowedError where the actor is not of the office,
    the department is closed or has the letter already, or the person is not of the department or
    may not read the letter.
    """
    target = Target(department, role=role, person=person, note=note)
    return assign_all(letter, [target], actor=actor)[0]


def assign_all(
    letter: Letter,
    targets: Sequence[Target],
    *,
    actor: User,
    skip_present: bool = False,
    of_tray: bool = False,
) -> list[Assignment]:
    """Give a letter to several departments in one transaction: all of them or none.

    `skip_present` leaves out those that have it already. Raise NotAllowedError as `assign` does,
    for no department, for more than 20, and where all have it; with `of_tray`, where somebody gave
    it to a department meanwhile.
    """
    if not 1 <= len(targets) <= MOST_TARGETS:
        raise NotAllowedError(_("Choose from one to 20 departments."))
    with changing_letter(letter, actor=actor, verb=LetterVerb.ASSIGN):
        if of_tray:
            _check_waits(letter)
        if skip_present:
            targets = [one for one in targets if not _has_it(letter, one)]
            if not targets:
                raise NotAllowedError(_("All these departments have the letter already."))
        return [
            give(
                letter,
                department=one.department,
                actor=actor,
                role=one.role,
                person=one.person,
                note=one.note,
                matter=one.matter,
            )
            for one in targets
        ]


def split(letter: Letter, parts: Sequence[Target], *, actor: User) -> list[Assignment]:
    """Assign each part of a letter that holds several matters to its own department for action.

    Each part has its own words and clock; the letter keeps one number. Raise NotAllowedError where
    there are fewer than two parts, a part has no words, or two parts have the same department.
    """
    if len(parts) < 2:
        raise NotAllowedError(_("A letter is split into two parts at least."))
    if not all(one_line(part.matter) for part in parts):
        raise NotAllowedError(_("Say of each part what it is about."))
    if len({part.department.pk for part in parts}) < len(parts):
        raise NotAllowedError(_("Each part goes to a department of its own."))
    return assign_all(letter, parts, actor=actor)


def give(
    letter: Letter,
    *,
    department: Department,
    actor: User | None,
    role: str = Assignment.Role.ACTION,
    person: User | None = None,
    note: str = "",
    matter: str = "",
    data: dict[str, Any] | None = None,
) -> Assignment:
    """Assign without checking the right of `assign`, as a rule or a transfer does.

    The caller's transaction holds the letter's lock.
    """
    _check_target(letter, department=department, role=role)
    assignment = Assignment.objects.create(
        letter=letter,
        department=department,
        role=role,
        person=person,
        note=one_line(note),
        matter=one_line(matter, 200),
        assigned_by=actor,
        assigned_at=timezone.now(),
    )
    rows: list[Model] = [assignment, *grant_read_access(letter, department)]
    if person:
        check_person(letter, department=department, person=person)
    record_change(
        letter,
        RoutingEvent.ASSIGNED,
        actor=actor,
        stage=Stage.IN_HAND if letter.stage == Stage.CLOSED else "",
        data={"department": department.code, "role": str(role), **(data or {})},
        rows=rows,
        changes=_clock(letter, assignment) if role == Assignment.Role.ACTION else {},
    )
    return assignment


def _clock(letter: Letter, assignment: Assignment) -> dict[str, Any]:
    """Return an assignment's due date, if it is for action, and the letter's columns to change."""
    changes = responsible(letter, assignment.department)
    changes |= (due := due_of(letter, department_id=changes["department"].pk))
    give_due(letter, assignment, legal=due)
    assignment.save(update_fields=["due_on", "due_explained"])
    return changes


def check_person(letter: Letter, *, department: Department, person: User) -> None:
    """Raise NotAllowedError unless the person is of the department and may read the letter."""
    if not person.is_active or not person.memberships.filter(department=department).exists():
        raise NotAllowedError(_("This person does not belong to the department."))
    if not Letter.objects.visible_to(person).filter(pk=letter.pk).exists():
        raise NotAllowedError(_("This letter is too confidential for the person."))


def _check_target(letter: Letter, *, department: Department, role: str) -> None:
    if role not in Assignment.Role.values:
        raise NotAllowedError(_("A letter is given for action or as a copy."))
    if not department.active:
        raise NotAllowedError(_("This department is closed."))
    if _has_it(letter, Target(department, role=role)):
        raise NotAllowedError(_("The letter is with this department already."))


def _check_waits(letter: Letter) -> None:
    """Raise NotAllowedError where a department has the letter for action."""
    rows = Assignment.objects.filter(letter=letter, role=Assignment.Role.ACTION, state__in=LIVE)
    names = [row.department.name for row in rows.select_related("department").order_by("pk")]
    if names:
        raise NotAllowedError(
            _("Someone was faster: the letter is with %(departments)s.")
            % {"departments": listed(isolate(name) for name in names)}
        )


def _has_it(letter: Letter, target: Target) -> bool:
    return Assignment.objects.filter(
        letter=letter, department=target.department, role=target.role, state__in=LIVE
    ).exists()
