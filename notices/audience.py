"""Recipients of the notices of an event: the people whom it concerns, by the rows it sealed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from correspondence.kinds import OutgoingEvent
from correspondence.models.replies import Reply
from correspondence.models.steps import ReplyStep, StepState, Who
from notices.kinds import NoticeKind
from org.models import Department, Membership, User
from org.people import absences_on
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.opinions import Opinion
from routing.models.states import LIVE, AssignmentState, OpinionState

Audience = Iterator[tuple[NoticeKind, set[int]]]
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event of a letter, or an act about a draft that answers none."""

    kind: str
    actor_id: int | None
    letter_id: UUID | None
    data: Mapping[str, Any]
    seals: Mapping[str, str]

    def rows(self, model: type[Row]) -> list[Row]:
        """Return the rows of this model that it sealed, as they are now."""
        begin = f"{model._meta.label_lower}/"
        keys = [key.removeprefix(begin) for key in self.seals if key.startswith(begin)]
        return list(model._default_manager.filter(pk__in=keys)) if keys else []


def recipients_of(it: Occurrence) -> list[tuple[NoticeKind, set[int]]]:
    """Return the kinds of notices that follow from it, each with its recipients.

    The actor is never one of them; those who stand in for a recipient today are.
    """
    if (rule := _RULES.get(it.kind)) is None:
        return []
    found = []
    for kind, people in rule(it):
        if notified := with_stand_ins(people - {it.actor_id}) - {it.actor_id}:
            found.append((kind, notified))
    return found


def with_stand_ins(people: Iterable[int | None]) -> set[int]:
    """Return the active ones of the people, and who stands in for them today."""
    wanted = {person for person in people if person}
    absent = absences_on(timezone.localdate()).filter(person__in=wanted)
    wanted |= set(absent.values_list("delegate_id", flat=True))
    return set(User.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))


def heads_of(departments: Iterable[int]) -> set[int]:
    """Return the heads of these departments, and all members of one that has none."""
    rows = Membership.objects.filter(department__in=list(departments), user__is_active=True)
    by_unit: dict[int, dict[str, set[int]]] = {}
    for unit, role, user in rows.values_list("department_id", "role", "user_id"):
        by_unit.setdefault(unit, {}).setdefault(role, set()).add(user)
    people: set[int] = set()
    for roles in by_unit.values():
        people |= roles.get(Membership.Role.HEAD) or set().union(*roles.values())
    return people


def office_people() -> set[int]:
    """Return the clerks of the registry office."""
    clerks = User.objects.filter(duty=User.Duty.CLERK, is_active=True)
    return set(clerks.values_list("pk", flat=True))


def in_charge(letter_id: UUID | None) -> set[int]:
    """Return who has the letter for action, or had it last where nobody has it any more.

    For a department that has named nobody these are its heads, else its members.
    """
    rows = Assignment.objects.filter(letter=letter_id, role=Assignment.Role.ACTION)
    found = list(rows.filter(state__in=LIVE)) or list(
        rows.filter(state=AssignmentState.SIGNED_OFF).order_by("-signed_off_at")[:1]
    )
    return _persons_or_heads(found)


def _persons_or_heads(rows: Iterable[Assignment | Opinion]) -> set[int]:
    rows = list(rows)
    named = {row.person_id for row in rows if row.person_id}
    return named | heads_of(row.department_id for row in rows if not row.person_id)


def _assigned(it: Occurrence) -> Audience:
    live = [row for row in it.rows(Assignment) if row.state in LIVE]
    for role, kind in (("action", NoticeKind.GIVEN), ("copy", NoticeKind.COPY)):
        yield kind, _persons_or_heads(row for row in live if row.role == role)


def _put_in_charge(it: Occurrence) -> Audience:
    yield NoticeKind.GIVEN, {it.data["person"]}


def _refused(it: Occurrence) -> Audience:
    by = {row.assigned_by_id for row in it.rows(Assignment) if row.assigned_by_id}
    head = Department.objects.filter(head_office=True).values_list("pk", flat=True)
    yield NoticeKind.REFUSED, by or heads_of(head)


def _opinions(it: Occurrence) -> Audience:
    rows = it.rows(Opinion)
    asked = [row for row in rows if row.state == OpinionState.OPEN]
    yield NoticeKind.OPINION_ASKED, _persons_or_heads(asked)
    given = {row.asked_by_id for row in rows if row.state == OpinionState.GIVEN}
    yield NoticeKind.OPINION_GIVEN, given


def _steps(it: Occurrence) -> Audience:
    due = [row for row in it.rows(ReplyStep) if row.state == StepState.DUE]
    yield NoticeKind.TO_SIGN, {person for step in due for person in _falls_to(step)}


def _falls_to(step: ReplyStep) -> set[int]:
    """Return to whom a step falls, as `correspondence.acting.rights.falls_to` decides."""
    if step.who == Who.PERSON:
        return {step.person_id} if step.person_id else set()
    directors = User.objects.filter(duty=User.Duty.DIRECTOR, is_active=True)
    heads = Membership.objects.filter(department=step.department_id, role=Membership.Role.HEAD)
    people: set[int] = set()
    if step.who != Who.DIRECTOR:
        people |= set(heads.values_list("user_id", flat=True))
    if step.who == Who.DIRECTOR or (step.who == Who.HEAD_OR_DIRECTOR and not people):
        people |= set(directors.values_list("pk", flat=True))
    return people


def _author(kind: NoticeKind) -> Callable[[Occurrence], Audience]:
    def people_of(it: Occurrence) -> Audience:
        rows = Reply.objects.filter(pk=it.data["reply"])
        columns = rows.values_list("author_id", "submitted_by_id")
        yield kind, {person for row in columns for person in row if person}

    return people_of


def _charge(kind: NoticeKind) -> Callable[[Occurrence], Audience]:
    def people_of(it: Occurrence) -> Audience:
        yield kind, in_charge(it.letter_id)

    return people_of


_RULES: Final[Mapping[str, Callable[[Occurrence], Audience]]] = {
    RoutingEvent.ASSIGNED: _assigned,
    RoutingEvent.PUT_IN_CHARGE: _put_in_charge,
    RoutingEvent.REFUSED: _refused,
    RoutingEvent.OPINION_ASKED: _opinions,
    RoutingEvent.OPINION_GIVEN: _opinions,
    RoutingEvent.OPINION_WITHDRAWN: _opinions,
    RoutingEvent.REOPENED: _charge(NoticeKind.REOPENED),
    RoutingEvent.RATED: _charge(NoticeKind.RATED),
    RoutingEvent.REPLY_SENT: _charge(NoticeKind.ANSWERED),
    RoutingEvent.PIECES_ADDED: _charge(NoticeKind.PIECES),
    RoutingEvent.ADDED_UNASKED: _charge(NoticeKind.PIECES),
    OutgoingEvent.REPLY_SUBMITTED: _steps,
    OutgoingEvent.REPLY_VISA: _steps,
    OutgoingEvent.REPLY_APPROVED: _steps,
    OutgoingEvent.REPLY_RETURNED: _author(NoticeKind.RETURNED),
    OutgoingEvent.REPLY_BOUNCED: _author(NoticeKind.BOUNCED),
}
NEWS: Final[frozenset[str]] = frozenset(_RULES)  # `EventKind.is_news` says the same
