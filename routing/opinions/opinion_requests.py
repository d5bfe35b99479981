"""Opinions requested from departments, in parallel or in turn; given or withdrawn.

The departments read the letter while an opinion is requested and after they have given it, not
after a withdrawal. An open opinion does not block the letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import uuid4

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.lines import one_line, paragraphs
from org.compiled_queries import compiled_rows
from org.models import Department, User
from org.people import cached_permissions, permissions_of
from registry.access import reads_letter
from registry.changes import lock, record_change
from registry.kinds import EventKind
from registry.models.letters import Letter
from registry.states import ConflictError, Stage, move
from routing.acting.changing import changing_letter
from routing.acting.errors import NotAllowedError
from routing.acting.situations import Situation, Viewer, situation_of
from routing.acting.verbs import LetterVerb
from routing.assigning.giving import check_person
from routing.assigning.readers import grant_read_access, revoke_read_access
from routing.kinds import RoutingEvent
from routing.models.opinions import Opinion
from routing.models.states import OPINION_MOVES, PENDING_OPINION, OpinionState

MOST_ASKED: Final = 10
ANSWER_LENGTH: Final = 20_000


@dataclass(frozen=True, slots=True)
class AskedDepartment:
    """A department that is to give an opinion, or one person of it where named."""

    department: Department
    person: User | None = None


def ask_opinions(
    letter: Letter,
    asked: Sequence[AskedDepartment],
    *,
    question: str,
    actor: User,
    due_on: date | None = None,
    in_turn: bool = False,
) -> list[Opinion]:
    """Request opinions, all at once or each after the one before it.

    Raise NotAllowedError: the actor is not responsible for the letter, no department or over ten
    are named, one is closed, is the actor's or has an open request, no question, the day is over.
    """
    question = _question(question, due_on)
    if not 1 <= len(asked) <= MOST_ASKED:
        raise NotAllowedError(_("Ask from one to ten departments."))
    with changing_letter(letter, actor=actor, verb=LetterVerb.ASK_OPINION) as change:
        asker = change.now.in_hand[0].department if change.now.in_hand else None
        _check_asked(letter, asked, asker=asker)
        shared: dict[str, Any] = {
            "letter": letter,
            "asked_for": asker,
            "question": question,
            "due_on": due_on,
        }
        shared |= {"round": uuid4(), "asked_by": actor, "asked_at": timezone.now()}
        rows: list[Model] = []
        opinions = []
        for place, one in enumerate(asked, start=1):
            opinions.append(
                _create_opinion(one, place, opens=place == 1 or not in_turn, shared=shared)
            )
            rows.append(opinions[-1])
            if opinions[-1].opened_at:
                rows += _open_to(opinions[-1])
        codes = ", ".join(one.department.code for one in asked)
        data = {"departments": codes, **change.behalf}
        record_change(letter, RoutingEvent.OPINION_ASKED, actor=actor, data=data, rows=rows)
    return opinions


def give_opinion(opinion: Opinion, *, actor: User, answer: str) -> Opinion:
    """Record the department's opinion; the next one in turn is opened."""
    text = paragraphs(answer)
    if not text:
        raise NotAllowedError(_("Write the opinion."))
    if len(text) > ANSWER_LENGTH:
        raise NotAllowedError(_("The text is too long: send it as a file."))
    return _close(
        opinion, OpinionState.GIVEN, actor=actor, verb="give_opinion",
        kind=RoutingEvent.OPINION_GIVEN, answer=text,
    )  # fmt: skip


def withdraw_opinion(opinion: Opinion, *, actor: User) -> Opinion:
    """Withdraw the request; the department keeps read access only if it has it otherwise."""
    return _close(
        opinion, OpinionState.WITHDRAWN, actor=actor, verb="withdraw_opinion",
        kind=RoutingEvent.OPINION_WITHDRAWN,
    )  # fmt: skip


def opinion_verbs_on(now: Situation, opinion: Opinion) -> set[str]:
    """Return which of give_opinion and withdraw_opinion the person may use on one opinion."""
    if opinion.state not in PENDING_OPINION or now.letter.stage == Stage.VOIDED:
        return set()
    verbs: set[str] = set()
    mine = now.permissions.departments
    if opinion.state == OpinionState.OPEN and opinion.department.code in mine:
        verbs.add("give_opinion")
    asker = opinion.asked_for
    if now.may_route or (asker and asker.code in mine):
        verbs.add("withdraw_opinion")
    return verbs


def opinions_of(letter: Letter) -> QuerySet[Opinion]:
    """Return all opinions on a letter, in their order."""
    rows = Opinion.objects.filter(letter=letter)
    return rows.select_related("department", "person", "asked_for", "asked_by", "closed_by")


def asked_of(viewer: Viewer) -> QuerySet[Opinion]:
    """Return open opinions due from the viewer's departments, about letters that they may read."""
    if not isinstance(viewer, User):
        return Opinion.objects.none()
    rows = Opinion.objects.exclude(letter__stage=Stage.VOIDED).filter(
        reads_letter(viewer),
        department__code__in=list(permissions_of(viewer).departments),
        state=OpinionState.OPEN,
    )
    return rows.select_related("department", "person", "asked_for", "letter").order_by(
        "asked_at", "pk"
    )


def first_asked_of(viewer: User, *, most: int) -> list[Opinion]:
    """Return the first of `asked_of`; one query where there are none, as on most days."""
    with cached_permissions():
        key = ("opinions asked", viewer.pk, repr(permissions_of(viewer)))
        there = compiled_rows(key, lambda: asked_of(viewer).order_by().values_list("pk")[:1])
        return list(asked_of(viewer)[:most]) if there else []


def _question(question: str, due_on: date | None) -> str:
    question = one_line(question, 1000)
    if not question:
        raise NotAllowedError(_("Say what is asked."))
    if due_on and due_on < timezone.localdate():
        raise NotAllowedError(_("The day by which the opinion is due is over."))
    return question


def _create_opinion(
    one: AskedDepartment, place: int, *, opens: bool, shared: dict[str, Any]
) -> Opinion:
    return Opinion.objects.create(
        place=place,
        department=one.department,
        person=one.person,
        state=OpinionState.OPEN if opens else OpinionState.WAITING,
        opened_at=shared["asked_at"] if opens else None,
        **shared,
    )


def _open_to(opinion: Opinion) -> list[Model]:
    """Give the department read access from now on; return the rows that were written."""
    rows = grant_read_access(opinion.letter, opinion.department)
    if opinion.person:
        check_person(opinion.letter, department=opinion.department, person=opinion.person)
    return rows


def _check_asked(
    letter: Letter, asked: Sequence[AskedDepartment], *, asker: Department | None
) -> None:
    if len({one.department.pk for one in asked}) < len(asked):
        raise NotAllowedError(_("Each department is asked once."))
    pending = Opinion.objects.filter(letter=letter, state__in=PENDING_OPINION)
    present = set(pending.values_list("department", flat=True))
    for one in asked:
        if not one.department.active:
            raise NotAllowedError(_("This department is closed."))
        if asker and one.department.pk == asker.pk:
            raise NotAllowedError(_("A department does not ask itself."))
        if one.person and not one.person.memberships.filter(department=one.department).exists():
            raise NotAllowedError(_("This person does not belong to the department."))
        if one.department.pk in present:
            words = _("%(department)s is asked already.")
            raise NotAllowedError(words % {"department": one.department.code})


def _close(
    opinion: Opinion, new: str, *, actor: User, verb: str, kind: EventKind, **changes: Any
) -> Opinion:
    with transaction.atomic():
        letter = opinion.letter
        lock(letter)
        opinion.refresh_from_db()
        opinion.letter = letter
        behalf = _need(actor, opinion, verb)
        now = timezone.now()
        move(opinion, new, moves=OPINION_MOVES, closed_by=actor, closed_at=now, **changes)
        rows: list[Model] = [opinion]
        if new == OpinionState.WITHDRAWN:
            rows += revoke_read_access(letter, opinion.department)
        rows += _open_next(opinion)
        data = {"department": opinion.department.code, **behalf}
        record_change(letter, kind, actor=actor, data=data, rows=rows)
    return opinion


def _need(actor: User, opinion: Opinion, verb: str) -> dict[str, int]:
    """Raise NotAllowedError unless the person may use the verb on this opinion.

    Return for whom they act. Raise ConflictError where they would have had the right, but the
    opinion is closed already.
    """
    now = situation_of(actor, opinion.letter)
    if now is not None:
        if verb in opinion_verbs_on(now, opinion):
            code = opinion.department.code if verb == "give_opinion" else ""
            return now.behalf(lambda own: verb in opinion_verbs_on(own, opinion), code)
        units = [opinion.department] + ([opinion.asked_for] if opinion.asked_for else [])
        involved = now.may_route or any(u.code in now.permissions.departments for u in units)
        if involved and opinion.state not in PENDING_OPINION:
            raise ConflictError
    raise NotAllowedError(_("You may not do this with this letter at this moment."))


def _open_next(closed: Opinion) -> list[Model]:
    """Open the next opinion in turn, once no other of the round is open."""
    of_round = Opinion.objects.filter(letter=closed.letter, round=closed.round)
    if of_round.filter(state=OpinionState.OPEN).exists():
        return []
    following = of_round.filter(state=OpinionState.WAITING).select_related("department", "person")
    opinion = following.order_by("place").first()
    if opinion is None:
        return []
    opinion.letter = closed.letter
    move(opinion, OpinionState.OPEN, moves=OPINION_MOVES, opened_at=timezone.now())
    return [opinion, *grant_read_access(closed.letter, opinion.department)]
