"""Alerts of saved searches: periodic searches for new letters, sent in one e-mail a person.

In slots of some minutes new letters are looked for, by each person's present rights. A letter is
often found only after it was read, so each round looks two days back; what was found once stands in
`SearchAlert` and is not sent twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from jobs.errors import Unavailable
from jobs.models import Job
from jobs.outbox import enqueue, enqueue_all
from registry.access import reader_tokens
from search.address.request import SearchRequest
from search.contract import MOST_HITS
from search.kinds import SearchJob
from search.saved.models import SavedSearch, SearchAlert

Progress = Callable[[int, int], None]

SLOT: Final = timedelta(minutes=5)
LATE: Final = timedelta(days=2)  # a letter may be read that long after it was registered
KEPT: Final = timedelta(days=30)
DAILY_FROM: Final = 7  # o'clock
_CHUNK: Final = 100


@dataclass(slots=True)
class AlertRound:
    """The result of a round: new letters of each search, and which searches were run."""

    at: datetime
    searches: list[UUID] = field(default_factory=list)
    found: list[tuple[UUID, UUID]] = field(default_factory=list)


def queue_alerts() -> None:
    """Queue the round of the present slot, if anybody has an alert; called once a minute."""
    if not _with_alert().exists():
        return
    now = timezone.now()
    slot = datetime.fromtimestamp(
        now.timestamp() // SLOT.total_seconds() * SLOT.total_seconds(), tz=now.tzinfo
    )
    subject = slot.isoformat(timespec="minutes")
    if not Job.objects.filter(kind=SearchJob.SEARCH_ALERTS, subject=subject).exists():
        with transaction.atomic():
            enqueue(SearchJob.SEARCH_ALERTS, subject)


def forget_alerts() -> int:
    """Delete what was found long ago; return how many rows."""
    return SearchAlert.objects.filter(found_at__lt=timezone.now() - KEPT).delete()[0]


def alert_round_work(_slot: str, progress: Progress) -> AlertRound:
    """Search for new letters, a hundred searches at a time.

    Equal searches of people with equal rights are run once. Raise jobs' Unavailable while the
    engine is unavailable.
    """
    done = AlertRound(at=timezone.now())
    answers: dict[tuple[str, frozenset[str], datetime], list[tuple[UUID, datetime]]] = {}
    total = _with_alert().count()
    for chunk in _chunks():
        due = [search for search in chunk if _is_due(search, done.at)]
        found = {
            (search.pk, letter)
            for search in due
            for letter, registered_at in _answer(search, answers)
            if registered_at >= search.created_at
        }
        done.searches += [search.pk for search in due]
        done.found += sorted(found - _known(found))
        progress(min(len(done.searches), total), total)
    return done


def save_alert_round(_slot: str, done: AlertRound) -> None:
    """Save what was found, and queue its e-mails."""
    searches = SavedSearch.objects.filter(pk__in={search for search, _letter in done.found})
    people = dict(searches.values_list("pk", "person_id"))
    rows = [
        SearchAlert(search_id=search, letter_id=letter, found_at=done.at)
        for search, letter in done.found
        if search in people
    ]
    SearchAlert.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    for start in range(0, len(done.searches), 500):
        some = done.searches[start : start + 500]
        SavedSearch.objects.filter(pk__in=some).update(looked_at=done.at)
    notified = sorted({people[row.search_id] for row in rows})
    if notified:
        enqueue_all([(SearchJob.SEARCH_TELL, person) for person in notified])


def _with_alert() -> "QuerySet[SavedSearch]":
    return SavedSearch.objects.exclude(alert=SavedSearch.Alert.NONE).filter(person__is_active=True)


def _chunks() -> Iterator[list[SavedSearch]]:
    rows = _with_alert().select_related("person").order_by("pk")
    last: UUID | None = None
    while chunk := list((rows.filter(pk__gt=last) if last else rows)[:_CHUNK]):
        yield chunk
        last = chunk[-1].pk


def _known(found: set[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Return those that an earlier round has found."""
    searches = {search for search, _letter in found}
    letters = sorted({letter for _search, letter in found})
    known: set[tuple[UUID, UUID]] = set()
    for start in range(0, len(letters), 500):
        rows = SearchAlert.objects.filter(
            search__in=searches, letter__in=letters[start : start + 500]
        )
        known |= set(rows.values_list("search_id", "letter_id"))
    return known


def _is_due(search: SavedSearch, now: datetime) -> bool:
    """Return whether the search is due.

    Immediate: in every slot. Daily: once a day, from seven o'clock on.
    """
    if search.alert == SavedSearch.Alert.AT_ONCE:
        return True
    here = timezone.localtime(now)
    return here.hour >= DAILY_FROM and timezone.localdate(search.looked_at) < here.date()


def _answer(
    search: SavedSearch,
    answers: dict[tuple[str, frozenset[str], datetime], list[tuple[UUID, datetime]]],
) -> list[tuple[UUID, datetime]]:
    """Return the newest letters that it finds for its person, at most a hundred."""
    tokens = reader_tokens(search.person)
    if not tokens:
        return []
    since = (search.looked_at - LATE).replace(minute=0, second=0, microsecond=0)
    key = (search.address, tokens, since)
    if key not in answers:
        asked = replace(SearchRequest.of_address(search.address), order="newest")
        after = max(asked.since, since) if asked.since else since
        found = asked.find(search.person, after=after, limit=MOST_HITS, facets=(), excerpts=False)
        if found.engine_down:
            raise Unavailable("search_unavailable", "The search engine is away.")
        answers[key] = [(hit.letter.pk, hit.letter.registered_at) for hit in found.hits]
    return answers[key]
