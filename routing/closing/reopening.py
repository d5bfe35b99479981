"""Reopening of an answered letter: by its sender once, within a term; by staff with a reason.

It goes back to the department that answered, and its clocks are counted from the reopening.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.models import Department, User
from registry.changes import lock, record_change
from registry.kinds import RegistryEvent
from registry.models.events import LetterEvent
from registry.models.letters import Letter, ReplyLink
from registry.models.registers import Register
from registry.states import Stage
from routing.acting.changing import changing_letter
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb
from routing.assigning.giving import give
from routing.clocks.due import record_due
from routing.closing.outcomes import set_aside
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.closing import Reopening
from routing.models.states import LIVE, AssignmentState

LONGEST = 1000  # characters of a reason
DONE = (Stage.ANSWERED, Stage.CLOSED)
_SETTLED_BY = (
    RoutingEvent.REPLY_SENT,
    RoutingEvent.REPLY_LEFT,
    RoutingEvent.SIGNED_OFF,
    RegistryEvent.CLOSED,
)


_following: list[Callable[[Letter, User | None], None]] = []


def after_reopening(follow: Callable[[Letter, User | None], None]) -> None:
    """Register what packages above do in the same transaction; again changes nothing.

    It may raise NotAllowedError: nothing is reopened then.
    """
    if follow not in _following:
        _following.append(follow)


@dataclass(frozen=True, slots=True)
class Chance:
    """Whether the sender may reopen a letter: until which day, or that they did already."""

    until: date | None = None
    used: bool = False

    @property
    def open(self) -> bool:
        """Whether it may be reopened today."""
        return not self.used and self.until is not None and timezone.localdate() <= self.until


def chance_of(letter: Letter) -> Chance:
    """Return what the sender of an answered letter may still do; no day where not answered."""
    used = Reopening.objects.filter(letter=letter, by_citizen=True).exists()
    incoming = letter.register.direction == Register.Direction.INCOMING
    if letter.stage not in DONE or not incoming or not settings.REOPEN_DAYS:
        return Chance(used=used)
    events = LetterEvent.objects.filter(letter=letter, kind__in=_SETTLED_BY)
    last = events.aggregate(last=Max("at"))["last"]
    if last is None:
        return Chance(used=used)
    return Chance(timezone.localdate(last) + timedelta(days=settings.REOPEN_DAYS), used)


def reopen_by_citizen(letter: Letter, *, reason: str) -> Reopening:
    """Reopen the letter for its sender and return it to the department that answered.

    Raise NotAllowedError, with what else can be done, for a second time, after the term, or
    without a reason.
    """
    reason = _reason(reason)
    with transaction.atomic():
        lock(letter)
        chance = chance_of(letter)
        if chance.used:
            raise NotAllowedError(
                _(
                    "This letter was reopened once already. You may send a new letter that names "
                    "its number, or appeal to the management or the mediator."
                )
            )
        if not chance.open:
            raise NotAllowedError(
                _(
                    "This letter cannot be reopened any more. Please send a new letter that names "
                    "its number."
                )
            )
        return _reopen(letter, actor=None, reason=reason)


def reopen(letter: Letter, *, actor: User, reason: str) -> Reopening:
    """Reopen the letter, for the office, the director or the department that answered."""
    reason = _reason(reason)
    with changing_letter(letter, actor=actor, verb=LetterVerb.REOPEN):
        return _reopen(letter, actor=actor, reason=reason)


def _reopen(letter: Letter, *, actor: User | None, reason: str) -> Reopening:
    department = who_answered(letter)
    row = Reopening.objects.create(
        letter=letter,
        department=department,
        by_citizen=actor is None,
        reopened_by=actor,
        reason=reason,
        at=timezone.now(),
    )
    record_change(
        letter,
        RoutingEvent.REOPENED,
        actor=actor,
        stage=Stage.IN_HAND,
        data={"reason": reason, "citizen": actor is None},
        rows=[row, *set_aside(letter)],
        visibility=LetterEvent.Visibility.CITIZEN,
    )
    live = Assignment.objects.filter(letter=letter, role="action", state__in=LIVE)
    if department and not live.exists():
        give(letter, department=department, actor=actor)
    else:
        record_due(letter, RoutingEvent.DUE_CHANGED, actor=actor, data={"why": "reopened"})
    for follow in _following:
        follow(letter, actor)
    return row


def who_answered(letter: Letter) -> Department | None:
    """Return the department that answered last, else signed off last, else the responsible one.

    Return None where it is closed by now (the letter then waits in the office's tray).
    """
    answers = ReplyLink.objects.filter(incoming=letter).select_related("outgoing__department")
    answer = answers.order_by("-outgoing__registered_at").first()
    done = Assignment.objects.filter(
        letter=letter, role="action", state=AssignmentState.SIGNED_OFF
    ).select_related("department")
    last = done.order_by("-signed_off_at").first()
    done_by = last.department if last else letter.department
    found = answer.outgoing.department if answer else done_by
    return found if found and found.active else None


def _reason(reason: str) -> str:
    reason = one_line(reason, LONGEST)
    if not reason:
        raise NotAllowedError(_("Say why the letter should be taken up again."))
    return reason
