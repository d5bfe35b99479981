"""Whose turn it is: steps of replies that fall to a person, in their own name or for another."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from correspondence.models.steps import OPEN_STEPS, Act, ReplyStep, StepState, Who
from org.absences import stands_in_for
from org.models import User
from org.people import Permissions, permissions_of
from registry.models.letters import Letter
from registry.states import Stage

DIRECTOR = User.Duty.DIRECTOR
# From here on a step of the round may be due.
UNDER_WAY = (ReplyState.SUBMITTED, ReplyState.APPROVED)


def acting_identities(
    user: User, permissions: Permissions | None = None
) -> tuple[Permissions, ...]:
    """Return the identities in which a person acts today: their own first, then the absent's.

    The absent are those for whom they stand in. `permissions` is the person's, where it was read
    already.
    """
    absent = stands_in_for(user, on=timezone.localdate())
    others = User.objects.filter(pk__in=absent).order_by("pk") if absent else ()
    return (
        (permissions or permissions_of(user)).own,
        *(permissions_of(other).own for other in others),
    )


def falls_to(step: ReplyStep, permissions: Permissions, *, code: str) -> bool:
    """Return whether the step falls to this person; `code` is that of the step's department."""
    if step.who == Who.PERSON:
        return step.person_id == permissions.user_id
    if permissions.duty == DIRECTOR and step.who in (Who.DIRECTOR, Who.HEAD_OR_DIRECTOR):
        return True
    return step.who != Who.DIRECTOR and permissions.departments.get(code) == "head"


def first_steps(reply: Reply) -> list[ReplyStep]:
    """Return the steps of an office without circuits: one visa, of the head or the director.

    They are not saved: for a submission, and for a reply submitted before there were circuits.
    """
    return [
        ReplyStep(
            reply=reply,
            round=1,
            position=1,
            rank=1,
            act=Act.VISA,
            who=Who.HEAD_OR_DIRECTOR,
            department=reply.department,
            state=StepState.DUE,
        )
    ]


def step_rows() -> "QuerySet[ReplyStep]":
    """Return steps with what is shown of each."""
    people = ("person", "done_by", "for_person", "department")
    return ReplyStep.objects.select_related(*people).order_by("round", "position")


def steps_of(reply: Reply) -> list[ReplyStep]:
    """Return all steps of a reply with their people, round by round, read from the database now."""
    return list(step_rows().filter(reply=reply))


def round_of(reply: Reply) -> list[ReplyStep]:
    """Return the steps of the present round, in their order (prefetched ones are used)."""
    known = "steps" in getattr(reply, "_prefetched_objects_cache", {})
    return _newest(reply, list(reply.steps.all()) if known else steps_of(reply))


def round_now(reply: Reply) -> list[ReplyStep]:
    """Return the steps of the present round, read from the database now."""
    return _newest(reply, steps_of(reply))


def _newest(reply: Reply, steps: list[ReplyStep]) -> list[ReplyStep]:
    if not steps:
        return first_steps(reply) if reply.state == ReplyState.SUBMITTED else []
    return [step for step in steps if step.round == steps[-1].round]


def signature_is_due(reply: Reply) -> bool:
    """Return whether a signature is still due in the present round."""
    return any(s.act == Act.SIGNATURE and s.state in OPEN_STEPS for s in round_of(reply))


def theirs(
    steps: Iterable[ReplyStep], hands: Iterable[Permissions]
) -> list[tuple[ReplyStep, Permissions]]:
    """Return the steps that fall to these identities, each with the first that may do it."""
    hands = tuple(hands)
    found = []
    for step in steps:
        code = step.department.code if step.department else ""
        hand = next((one for one in hands if falls_to(step, one, code=code)), None)
        if hand:
            found.append((step, hand))
    return found


def turns(reply: Reply, hands: Iterable[Permissions]) -> list[tuple[ReplyStep, Permissions]]:
    """Return the steps of the reply that are due and fall to these identities now."""
    if reply.state not in UNDER_WAY:
        return []
    return theirs((s for s in round_of(reply) if s.state == StepState.DUE), hands)


def step_seen(
    reply: Reply, user: User, *, act: str = "", step_id: UUID | str | None = None
) -> ReplyStep | None:
    """Return the step that a person means: the one named, else their first one for the act now.

    Call it before the letter is locked, so that a step done meanwhile is a conflict.
    """
    if step_id:
        return ReplyStep.objects.filter(reply=reply, pk=step_id).first()
    mine = turns(reply, acting_identities(user))
    return next((step for step, _hand in mine if act in ("", step.act)), None)


def waiting_for(user: User) -> "QuerySet[ReplyStep]":
    """Return the steps that wait for this person, the oldest first.

    They are of letters that the person may read, and of drafts that answer none.
    """
    return _readable(_due_to(user, None), user)


def count_waiting(user: User, permissions: Permissions | None, *, most: int) -> int:
    """Return how many steps wait, at most so many; two queries where there are none."""
    due = _due_to(user, permissions)
    if not due.exists():
        return 0
    return len(_readable(due, user).order_by().values_list("pk", flat=True)[:most])


def _due_to(user: User, permissions: Permissions | None) -> "QuerySet[ReplyStep]":
    rows = step_rows().filter(falling_to(acting_identities(user, permissions)), state=StepState.DUE)
    return rows.filter(reply__state__in=UNDER_WAY)


def _readable(rows: "QuerySet[ReplyStep]", user: User) -> "QuerySet[ReplyStep]":
    letters = Letter.objects.visible_to(user).exclude(stage=Stage.VOIDED)
    own = Q(reply__letter=None, reply__confidentiality__lte=permissions_of(user).highest_level)
    return rows.filter(Q(reply__letter__in=letters) | own).select_related(
        "reply__letter", "reply__author", "reply__department"
    )


def falling_to(hands: Iterable[Permissions]) -> Q:
    """Return `falls_to` as a condition of the database."""
    found = Q(pk=None)
    for hand in hands:
        found |= Q(who=Who.PERSON, person=hand.user_id)
        if heads := [code for code, role in hand.departments.items() if role == "head"]:
            of_heads = [Who.HEAD, Who.HEAD_OF, Who.HEAD_OR_DIRECTOR]
            found |= Q(who__in=of_heads, department__code__in=heads)
        if hand.duty == DIRECTOR:
            found |= Q(who__in=[Who.DIRECTOR, Who.HEAD_OR_DIRECTOR])
    return found
