"""All letters' events as one list that a program follows: none is skipped, none comes twice.

Ids are given before a transaction commits, so that an event may appear behind ones that were read
already. A place in the feed therefore holds the ids that were missing when it was read, and until
which transaction they may still come; once all up to it have ended they are gone for good. Where a
database writes one transaction after the other, nothing is ever missing. An event's id is taken
after its letter or register is locked, so its transaction is among those that a snapshot counts.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Min, Q

from org.models import User
from registry.access import reads_letter
from registry.kinds import RegistryEvent
from registry.models.events import LetterEvent
from registry.readable_history import readable_events

WINDOW: Final = 500  # events looked at for one page
MOST_GAPS: Final = 40  # what one place holds; beyond, it waits


@dataclass(frozen=True, slots=True)
class Gap:
    """Ids from `low` to `high` that were missing, while transactions below `mark` were running."""

    low: int
    high: int
    mark: int


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader is: past this id, but for the gaps."""

    after: int = 0
    gaps: tuple[Gap, ...] = ()


def place_at(moment: datetime) -> Place:
    """Return the place before the first event at or after the moment."""
    first = LetterEvent.objects.filter(at__gte=moment).order_by().aggregate(low=Min("id"))["low"]
    if first is None:
        newest = LetterEvent.objects.order_by("-id").values_list("id", flat=True).first()
        return Place(after=newest or 0)
    return Place(after=first - 1)


def events_after(
    place: Place, *, viewer: User, kinds: Collection[str] = (), limit: int = 100
) -> tuple[list[LetterEvent], Place]:
    """Return the next events of letters that the viewer may read, and the place behind them.

    An empty list is not the end where the place has moved: a bounded number of events is examined,
    and others may be hidden. `kinds`: only these. Each event has its letter's number; those about
    letters hidden from the viewer are redacted as in a history.
    """
    ended, _ = _snapshot()
    late = _late(place.gaps)
    ids = _ids(Q(id__gt=place.after), most=WINDOW)
    _, running = _snapshot()
    gaps = [gap for gap in place.gaps if gap.mark > ended]
    fresh, new = _without_gaps(place.after, ids, running, most=MOST_GAPS - len(gaps))
    rows = _readable([*late, *fresh], viewer, kinds, limit + 1)
    events = rows[:limit]
    seen = [*late, *fresh]
    if len(rows) > limit:
        seen = [one for one in seen if one <= events[-1].pk]
    unread = [Gap(one, one, running) for one in late if one not in seen]
    after = max([place.after, *seen])
    still = [left for gap in gaps for left in _rest(gap, late)]
    kept = [*still, *unread, *(gap for gap in new if gap.high < after)]
    shown = readable_events(events, viewer)
    return [one for one in shown if not kinds or one.kind in kinds], Place(after, tuple(kept))


def _snapshot() -> tuple[int, int]:
    """Return the transaction below which all have ended, and that which none has reached."""
    if connection.vendor != "postgresql":
        return 1, 0  # whatever is missing has ended
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint"
            " FROM pg_current_snapshot() AS s"
        )
        ended, running = cursor.fetchone()
    return int(ended), int(running)


def _ids(which: Q, *, most: int | None = None) -> list[int]:
    rows = LetterEvent.objects.filter(which).order_by("id").values_list("id", flat=True)
    return list(rows[:most])


def _late(gaps: Sequence[Gap]) -> list[int]:
    """Return the ids that were missing and are there now."""
    if not gaps:
        return []
    which = Q()
    for gap in gaps:
        which |= Q(id__gte=gap.low, id__lte=gap.high)
    return _ids(which)


def _without_gaps(
    after: int, ids: Sequence[int], running: int, *, most: int
) -> tuple[list[int], list[Gap]]:
    """Return the ids up to which at most so many gaps lie, and these gaps."""
    if not running:
        return list(ids), []
    taken: list[int] = []
    gaps: list[Gap] = []
    for one in ids:
        if one > after + 1:
            if len(gaps) >= most:
                break
            gaps.append(Gap(after + 1, one - 1, running))
        taken.append(one)
        after = one
    return taken, gaps


def _rest(gap: Gap, there: Sequence[int]) -> Iterator[Gap]:
    """Yield what is left of a gap without the ids that are there now."""
    low = gap.low
    for one in there:
        if low <= one <= gap.high:
            if one > low:
                yield Gap(low, one - 1, gap.mark)
            low = one + 1
    if low <= gap.high:
        yield Gap(low, gap.high, gap.mark)


def _readable(
    ids: Sequence[int], viewer: User, kinds: Collection[str], most: int
) -> list[LetterEvent]:
    rows = LetterEvent.objects.filter(reads_letter(viewer), pk__in=ids)
    if kinds:
        rows = rows.filter(kind__in=set(kinds) - {RegistryEvent.WITHHELD})
    return list(rows.select_related("actor", "letter").order_by("id")[:most])
