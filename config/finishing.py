"""Waiting for letters to be finished, or doing their jobs here when no worker is alive."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection

from jobs import runner
from jobs.models import Job
from org.models import User
from registry.kinds import RegistryJob
from registry.models.letters import Letter
from registry.reading.readings import text_of
from routing.inbox import reading
from routing.kinds import RoutingJob
from search.services import find_letters, wait_until_searchable

POLL_SECONDS = 0.3
UNFINISHED = ("ready", "running")
PATH_KINDS = (
    RegistryJob.LETTER_READ,
    RegistryJob.LETTER_UNDERSTAND,
    RoutingJob.LETTER_ROUTE,
    RegistryJob.LETTER_INDEX,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """Pages read and pages known, for one letter."""

    letter_id: UUID
    done: int
    total: int


def finish(
    letter_ids: Sequence[UUID],
    *,
    seconds: float,
    on_progress: Callable[[list[Progress]], None] = lambda _: None,
) -> bool:
    """Return True once no job of these letters is left to do, False after `seconds`.

    Their jobs are carried out here when no worker is alive.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not _unfinished(letter_ids):
            return True
        if not runner.worker_is_alive():
            _walk(letter_ids)
        on_progress(_progress(letter_ids))
        time.sleep(POLL_SECONDS)
    return not _unfinished(letter_ids)


def _unfinished(letter_ids: Sequence[UUID]) -> bool:
    subjects = [str(letter_id) for letter_id in letter_ids]
    return any(
        Job.objects.filter(
            subject__in=subjects[start : start + 500], state__in=UNFINISHED, kind__in=PATH_KINDS
        ).exists()
        for start in range(0, len(subjects), 500)
    )


def _walk(letter_ids: Sequence[UUID]) -> None:
    """Do each letter's jobs in order, several letters in parallel."""
    runner.free_dead_leases()

    def walk(letter_id: UUID) -> None:
        try:
            receipts = Letter.objects.get(pk=letter_id).receipts.values_list("pk", flat=True)
            runner.drain(subjects={str(letter_id), *map(str, receipts)}, spare=False)
        finally:
            connection.close()

    with ThreadPoolExecutor(settings.WORKER_THREADS) as pool:
        list(pool.map(walk, letter_ids))


def _progress(letter_ids: Sequence[UUID]) -> list[Progress]:
    rows = Job.objects.filter(kind=RegistryJob.LETTER_READ, subject__in=map(str, letter_ids))
    steps = rows.values_list("subject", "done_steps", "total_steps")
    return [Progress(UUID(subject), done, total) for subject, done, total in steps]


def suggested_value(letter: Letter, field: str) -> str:
    """Return the best suggestion for a field of the letter; "" when there is none."""
    values = [s.value for s in reading.suggestions_of(letter) if s.field == field]
    return values[0] if values else ""


def is_found(letter: Letter, *, viewer: User) -> bool:
    """Return whether search finds the letter for this viewer by words of its own text.

    The query is its three longest words; for a letter without words, its number.
    """
    wait_until_searchable()
    words = {w for w in text_of(letter.pk).split() if w.isalpha() and len(w) > 3}
    question = " ".join(sorted(words, key=lambda w: (-len(w), w))[:3]) or letter.number
    hits = find_letters(viewer=viewer, words=question, limit=100).hits
    return any(hit.letter.pk == letter.pk for hit in hits)
