"""Steps of replies that wait for a person, in their own name or for another."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from correspondence.acting.rights import DIRECTOR, UNDER_WAY, step_rows
from correspondence.models.steps import CircuitStep, ReplyStep, StepState, Who
from org.compiled_queries import compiled_rows
from org.models import User
from org.people import Permissions, acting_identities, permissions_of
from registry.access import reads_letter
from registry.states import Stage


def signs_by_name(person: User) -> bool:
    """Return whether a circuit names the person, or a step of a reply under way does."""
    if CircuitStep.objects.filter(person=person, circuit__active=True).exists():
        return True
    open_ = (StepState.LATER, StepState.DUE)
    return ReplyStep.objects.filter(person=person, state__in=open_).exists()


def waiting_for(user: User) -> "QuerySet[ReplyStep]":
    """Return the steps that wait for this person, the oldest first.

    They are of letters that the person may read, and of drafts that answer none.
    """
    return _readable(_due_to(user, acting_identities(user)), user)


def asked_of(user: User, step_ids: Iterable[UUID]) -> "QuerySet[ReplyStep]":
    """Return those of these steps that fall or fell to this person, due or not, the oldest first.

    They are of letters that the person may read, and of drafts that answer none.
    """
    rows = step_rows().filter(falling_to(acting_identities(user)), pk__in=list(step_ids))
    return _readable(rows, user).order_by("reply__changed_at", "pk")


def count_waiting(user: User, permissions: Permissions | None, *, most: int) -> int:
    """Return how many steps wait, at most so many; two queries where there are none."""
    hands = acting_identities(user, permissions)
    key = ("steps due", user.pk, repr(hands), settings.FOUR_EYES)
    if not compiled_rows(key, lambda: _due_to(user, hands).order_by().values_list("pk")[:1]):
        return 0
    due = _readable(_due_to(user, hands), user)
    return len(due.order_by().values_list("pk", flat=True)[:most])


def _due_to(user: User, hands: Iterable[Permissions]) -> "QuerySet[ReplyStep]":
    rows = step_rows().filter(falling_to(hands), state=StepState.DUE)
    rows = rows.filter(reply__state__in=UNDER_WAY)
    return rows.exclude(reply__submitted_by=user) if settings.FOUR_EYES else rows


def _readable(rows: "QuerySet[ReplyStep]", user: User) -> "QuerySet[ReplyStep]":
    own = Q(reply__letter=None, reply__confidentiality__lte=permissions_of(user).highest_level)
    return (
        rows.exclude(reply__letter__stage=Stage.VOIDED)
        .filter(reads_letter(user, "reply__letter") | own)
        .select_related("reply__letter", "reply__author", "reply__department")
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
