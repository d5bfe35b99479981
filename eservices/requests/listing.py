"""The list of requests that somebody may see: filters, the latest first, what is late."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from eservices.requests.access import requests_visible_to
from eservices.requests.models import Request, StageKind
from language.numerals import ascii_digits
from org.models import User
from registry.models.letters import Letter, Party
from routing.models.assignments import Assignment
from routing.models.states import LIVE

NEWEST: Final = ("-opened_at", "-id")
_NOT_OURS: Final = (StageKind.END, StageKind.WAITING)  # nobody of the office is late in these
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What a list is narrowed to; empty values narrow nothing.

    `service` is a code, `stage` a code of its stages or a kind of stages, `open_only` leaves out
    those that have ended, `mine` those that are not assigned to the person.
    """

    service: str = ""
    stage: str = ""
    late: bool = False
    mine: bool = False
    open_only: bool = False
    text: str = ""


def listed(viewer: User, wanted: RequestFilter) -> QuerySet[Request]:
    """Return the requests that the viewer may read, narrowed; the caller pages them by NEWEST."""
    rows = requests_visible_to(viewer)
    if wanted.service:
        rows = rows.filter(service__code=wanted.service)
    if wanted.stage in StageKind.values:
        rows = rows.filter(stage_kind=wanted.stage)
    elif wanted.stage:
        rows = rows.filter(stage=wanted.stage)
    if wanted.open_only:
        rows = rows.filter(ended_at=None)
    if wanted.late:
        rows = rows.filter(_late(timezone.localdate()))
    if wanted.mine:
        given = Assignment.objects.filter(person=viewer.pk, state__in=LIVE)
        rows = rows.filter(letter__in=given.values("letter"))
    if words := wanted.text.strip()[:_LONGEST]:
        rows = rows.filter(_about(words))
    return rows


def hydrated(rows: QuerySet[Request]) -> QuerySet[Request]:
    """Return rows with what a list shows of them, in a fixed number of queries."""
    rows = rows.select_related("service", "version", "letter__department")
    return rows.prefetch_related("letter__parties").defer("version__content", "answers")


def _late(today: date) -> Q:
    by_stage = Q(stage_due_on__lt=today) & ~Q(stage_kind__in=_NOT_OURS)
    return by_stage | Q(ended_at=None, letter__due_on__lt=today)


def is_late(request: Request) -> bool:
    """Return whether its stage or its letter is past its day."""
    today, due = timezone.localdate(), request.letter.due_on
    if request.ended_at:
        return False
    stage = request.stage_due_on if request.stage_kind not in _NOT_OURS else None
    return any(day is not None and day < today for day in (stage, due))


def _about(words: str) -> Q:
    """Return what finds a number, a contract, a sender or words of the subject."""
    plain = ascii_digits(words)
    # Not through joins: a request would come once for each of its parties.
    letters = Letter.objects.filter(Q(number__icontains=plain) | Q(subject__icontains=words))
    senders = Party.objects.filter(role=Party.Role.SENDER, name__icontains=words)
    return (
        Q(contract_number=plain)
        | Q(letter__in=letters.values("pk"))
        | Q(letter__in=senders.values("letter"))
    )
