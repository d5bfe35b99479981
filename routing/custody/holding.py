"""Custody of a letter's paper: taken, handed over and confirmed, put into an archive box.

A person who scans a paper holds it: anybody who reads the letter and works on letters may record
where it goes, whoever held it before.
"""

from typing import Any, Final

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.models import Department, User
from org.people import permissions_of
from registry.access import reads_letter
from registry.changes import lock, record_change
from registry.kinds import EventKind
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader
from routing.acting.errors import NotAllowedError
from routing.acting.situations import Viewer, situation_of
from routing.kinds import RoutingEvent
from routing.models.custody import Custody

WORKERS: Final = (User.Duty.MEMBER, User.Duty.CLERK, User.Duty.DIRECTOR)


def take_paper(letter: Letter, *, actor: User) -> Custody:
    """Take the paper: confirm what was handed to the actor or a department of theirs, else take it.

    Raise NotAllowedError for actors who may not work on the letter, or who have it already.
    """
    with transaction.atomic():
        units = _check(letter, actor)
        present = paper_of(letter)
        mine = present is not None and (
            present.person_id == actor.pk
            or (present.department is not None and present.department.code in units)
        )
        if present is None or not mine:
            row = Custody(letter=letter, person=actor)
            return _next(row, present, RoutingEvent.PAPER_TAKEN, actor=actor, confirmed=True)
        if present.confirmed_at:
            raise NotAllowedError(_("The paper is with you already."))
        present.confirmed_by, present.confirmed_at = actor, timezone.now()
        present.save(update_fields=["confirmed_by", "confirmed_at"])
        record_change(letter, RoutingEvent.PAPER_CONFIRMED, actor=actor, rows=[present])
    return present


def hand_over_paper(
    letter: Letter,
    *,
    actor: User,
    department: Department | None = None,
    person: User | None = None,
) -> Custody:
    """Hand the paper over to a department or a person, who are to confirm it.

    Raise NotAllowedError unless one of the two is named and reads the letter.
    """
    if (department is None) == (person is None):
        raise NotAllowedError(_("Say to whom the paper goes."))
    if person is not None and person.pk == actor.pk:
        return take_paper(letter, actor=actor)
    with transaction.atomic():
        _check(letter, actor)
        if person is not None:
            _check_reader(letter, person)
            to = person.shown_name
        elif department is not None:
            _check_unit(letter, department)
            to = department.code
        row = Custody(letter=letter, department=department, person=person)
        return _next(row, paper_of(letter), RoutingEvent.PAPER_HANDED, actor=actor, data={"to": to})


def box_paper(letter: Letter, *, actor: User, box: str) -> Custody:
    """Put the paper into an archive box; raise NotAllowedError without the box's name."""
    box = one_line(box, 60)
    if not box:
        raise NotAllowedError(_("Give the name of the box."))
    with transaction.atomic():
        _check(letter, actor)
        row = Custody(letter=letter, box=box)
        data = {"box": box}
        return _next(
            row, paper_of(letter), RoutingEvent.PAPER_BOXED, actor=actor, confirmed=True, data=data
        )


def check_paper(letter: Letter, *, actor: User) -> None:
    """Lock the letter; raise NotAllowedError where the actor may not record its custody now."""
    _check(letter, actor)


def paper_of(letter: Letter) -> Custody | None:
    """Return who has the paper now; None where nothing is recorded."""
    rows = Custody.objects.filter(letter=letter, current=True)
    return rows.select_related("person", "department", "given_by", "confirmed_by").first()


def way_of_paper(letter: Letter) -> QuerySet[Custody]:
    """Return where the paper was, in order."""
    rows = Custody.objects.filter(letter=letter)
    return rows.select_related("person", "department", "given_by", "confirmed_by")


def papers_with(viewer: Viewer) -> QuerySet[Custody]:
    """Return the papers, of readable letters, that the person or a department of theirs has."""
    if not isinstance(viewer, User):
        return Custody.objects.none()
    units = Department.objects.filter(code__in=list(permissions_of(viewer).departments))
    rows = Custody.objects.filter(Q(person=viewer) | Q(department__in=units), current=True)
    return _for_list(rows, viewer)


def papers_unconfirmed(viewer: Viewer) -> QuerySet[Custody]:
    """Return the papers that the person handed over and that nobody has confirmed."""
    if not isinstance(viewer, User):
        return Custody.objects.none()
    rows = Custody.objects.filter(given_by=viewer, current=True, confirmed_at__isnull=True)
    return _for_list(rows, viewer)


def _for_list(rows: QuerySet[Custody], viewer: User) -> QuerySet[Custody]:
    rows = rows.filter(reads_letter(viewer))
    return rows.select_related("letter", "person", "department", "given_by")


def _check(letter: Letter, actor: User) -> dict[str, str]:
    """Lock the letter, check the right, and return the actor's departments."""
    lock(letter)
    now = situation_of(actor, letter)
    if now is None or actor.duty not in WORKERS:
        raise NotAllowedError(_("You may not do this with this letter at this moment."))
    return now.permissions.departments


def _check_reader(letter: Letter, person: User) -> None:
    reads = Letter.objects.visible_to(person).filter(pk=letter.pk).exists()
    if not reads or person.duty not in WORKERS:
        raise NotAllowedError(_("This person may not have this letter."))


def _check_unit(letter: Letter, department: Department) -> None:
    reads = DepartmentReader.objects.filter(
        letter=letter, department=department, heads=False, active=True
    )
    if not (department.head_office or reads.exists()):
        raise NotAllowedError(_("This department does not read the letter: assign it first."))


def _next(
    row: Custody,
    present: Custody | None,
    kind: EventKind,
    *,
    actor: User,
    confirmed: bool = False,
    data: dict[str, Any] | None = None,
) -> Custody:
    """Make the row the current custody stage; its letter is locked."""
    rows: list[Model] = [row]
    if present is not None:
        present.current = False
        present.save(update_fields=["current"])
        rows.append(present)
    row.given_by, row.given_at = actor, timezone.now()
    if confirmed:
        row.confirmed_by, row.confirmed_at = actor, row.given_at
    row.save(force_insert=True)
    record_change(row.letter, kind, actor=actor, data=data, rows=rows)
    return row
