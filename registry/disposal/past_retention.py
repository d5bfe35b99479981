"""Letters whose time is over by the schedule, counted from the day of their closing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from org.days import midnight
from org.models import RetentionText
from org.retention import schedule
from registry.kinds import RegistryEvent
from registry.models.disposal import DisposalEntry
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import Stage

ENDED: Final = (Stage.CLOSED, Stage.VOIDED)
BATCH: Final = 500
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Over:
    """A letter whose time is over, the day it was closed, and the day on which it was over."""

    letter: Letter
    closed_on: date
    over_on: date


def letters_past_retention(
    among: Any, fate: str, *, today: date | None = None, register: int | None = None
) -> Iterator[Over]:
    """Yield the letters among these that may go on a list of this fate, the oldest first.

    Those on a list that waits, or held, are left out.
    """
    day = today or timezone.localdate()
    rules = {kind: row for kind, row in schedule().items() if row.fate == fate and row.years}
    if not rules:
        return
    rows = among.filter(_wanted(rules, day), stage__in=ENDED, disposal=None)
    if register is not None:
        rows = rows.filter(register=register)
    waiting = DisposalEntry.objects.filter(letter=OuterRef("pk"), state="waiting")
    rows = rows.filter(~Exists(waiting)).exclude(holds__lifted_at=None, holds__isnull=False)
    last: Any = None
    while part := list(_after(rows, last)):
        last = part[-1]
        yield from _judged(part, rules, day)


def _after(rows: Any, last: Letter | None) -> Any:
    if last is not None:
        same = Q(registered_at=last.registered_at, pk__gt=last.pk)
        rows = rows.filter(Q(registered_at__gt=last.registered_at) | same)
    return rows.select_related("register", "kind").order_by("registered_at", "pk")[:BATCH]


def _judged(
    part: list[Letter], rules: dict[int | None, RetentionText], day: date
) -> Iterator[Over]:
    closed = closing_days([letter.pk for letter in part])
    for letter in part:
        row = rules.get(letter.kind_id) or rules.get(None)
        ended = closed.get(letter.pk) or timezone.localdate(letter.registered_at)
        if row is not None and (over := years_after(ended, row.years or 0)) <= day:
            yield Over(letter, ended, over)


def _wanted(rules: dict[int | None, RetentionText], day: date) -> Q:
    """Return what a letter must be at least: of such a kind, and registered so long ago.

    A kind with a row of another fate is not one of "all others".
    """
    named = {kind for kind in schedule() if kind is not None}
    found = Q(pk__in=[])
    for kind, row in rules.items():
        newest = years_after(day, -(row.years or 0)) + _A_DAY
        old = Q(registered_at__lt=midnight(newest))
        of_kind = Q(kind=kind) if kind is not None else ~Q(kind__in=named) | Q(kind=None)
        found |= of_kind & old
    return found


def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; for 29 February the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def closing_days(letter_ids: Iterable[UUID]) -> dict[UUID, date]:
    """Return the day on which each letter was last closed or voided, by its events."""
    ended = [str(stage) for stage in ENDED]
    rows = LetterEvent.objects.filter(letter_id__in=list(letter_ids)).filter(
        Q(data__to__in=ended)
        | Q(data__stage_to__in=ended)
        | Q(kind__in=[RegistryEvent.CLOSED, RegistryEvent.VOIDED])
    )
    found: dict[UUID, date] = {}
    for letter_id, at in rows.order_by("letter_id", "seq").values_list("letter_id", "at"):
        found[letter_id] = timezone.localdate(at)
    return found
