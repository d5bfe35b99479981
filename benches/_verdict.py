"""What an office must hold in the end of a bench: what was promised, once, whole and proven."""

import math
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from benches._day import Accepted, Books

_SHOWN: Final = 20
_SOME: Final = 500


def wait_for_jobs(*, seconds: float) -> int:
    """Wait until no job is due or runs, or for so long none fewer; return how many still are."""
    from django.db import Error, connection

    deadline, left, fewest = time.monotonic() + seconds, -1, math.inf
    while time.monotonic() < deadline:
        try:
            left = due_jobs()
        except Error:  # the database is being started again
            connection.close()
        if left == 0:
            return 0
        if 0 < left < fewest:
            deadline, fewest = time.monotonic() + seconds, left
        time.sleep(1)
    return left


def due_jobs() -> int:
    """Return how many jobs are due or run."""
    from django.db.models import Q
    from django.utils import timezone

    from jobs.models import Job

    due = Q(state="ready", run_after__lte=timezone.now()) | Q(state="running")
    return Job.objects.filter(due).count()


def retry_parked() -> Counter[str]:
    """Try parked jobs again, as a person does on the office's page; return why they were parked."""
    from jobs.models import Job
    from jobs.runner import try_again

    reasons: Counter[str] = Counter()
    for job in Job.objects.filter(state="parked")[:_SOME]:
        reasons[f"{job.kind}: {job.error_code or 'NO REASON'}"] += 1
        try_again(job.pk)
    return reasons


def judge(books: Books, *, before: int) -> dict[str, list[str]]:
    """Return what is wrong, by what was looked at; all lists are empty in a good office.

    `before`: how many incoming letters there were before anybody began.
    """
    return {
        "accepted letters that are not there as promised": _unlike(books),
        "letters that nobody was promised": _strangers(books, before),
        "refused letters that are there": _refused(books),
        "gaps in a register": list(gaps()),
        "documents that are not read": _unread(books),
        "journeys that do not end": _open(books),
        "jobs that wait for ever": _jobs(),
        "register and ledger": proofs(),
    }


def _chunks(values: list[Any]) -> Iterable[list[Any]]:
    for first in range(0, len(values), _SOME):
        yield values[first : first + _SOME]


def _unlike(books: Books) -> list[str]:
    """Compare number, subject and the hash of the bytes of each accepted letter."""
    from registry.models.letters import Letter

    wrong: list[str] = []
    for some in _chunks(list(books.accepted.items())):
        ids = [one.letter for _subject, one in some]
        rows = Letter.objects.filter(pk__in=ids).prefetch_related("documents__file")
        there = {str(row.pk): row for row in rows}
        for subject, one in some:
            if problem := _problem(subject, one, there.get(one.letter)):
                wrong.append(f"{one.number or one.letter}: {problem}")
    return wrong


def _problem(subject: str, one: Accepted, row: Any) -> str:
    if row is None:
        return "not there"
    if one.number and row.number != one.number:
        return f"has the number {row.number}"
    hashes = [document.file.sha256 for document in row.documents.all()]
    return "" if hashes == [one.sha256] else f"{len(hashes)} files, not the one that was sent"


def _strangers(books: Books, before: int) -> list[str]:
    """Each subject once, and no incoming letter more than was sent."""
    from registry.models.letters import Letter

    incoming = Letter.objects.filter(register__direction="in")
    subjects = Counter(
        incoming.filter(subject__startswith="Mesure ").values_list("subject", flat=True)
    )
    wrong = [f"{name}: {count} times" for name, count in subjects.items() if count > 1]
    known = set(books.accepted) | books.unsure
    wrong += [f"{name}: nobody sent it" for name in subjects if name not in known]
    others = incoming.count() - sum(subjects.values()) - before
    return wrong + ([f"{others} other letters"] if others else [])


def _refused(books: Books) -> list[str]:
    from registry.models.letters import Letter

    found: list[str] = []
    for some in _chunks(books.refused):
        found += Letter.objects.filter(subject__in=some).values_list("number", flat=True)
    return found


def gaps() -> Iterable[str]:
    """Yield each series whose numbers are not 1 to the last, each once."""
    from registry.models.letters import Letter
    from registry.models.registers import NumberSeries

    for series in NumberSeries.objects.select_related("register"):
        rows = Letter.objects.filter(register=series.register, year=series.year)
        serials = list(rows.order_by("serial").values_list("serial", flat=True))
        if serials != list(range(1, series.last + 1)):
            missing = sorted(set(range(1, series.last + 1)) - set(serials))[:_SHOWN]
            yield f"{series.register.code}/{series.year}: last {series.last}, missing {missing}"


def _unread(books: Books) -> list[str]:
    from registry.models.documents import Document

    ids = [one.letter for one in books.accepted.values()]
    found: list[str] = []
    for some in _chunks(ids):
        rows = Document.objects.filter(letter_id__in=some).exclude(readings__current=True)
        found += [str(number) for number in rows.values_list("letter__number", flat=True)]
    return found


def _open(books: Books) -> list[str]:
    """Return journeys that began and have no end, or an end and no department."""
    from registry.models.letters import Letter
    from routing.models.assignments import Assignment

    found = [f"{one}: its clerk could not go on" for one in set(books.begun) - set(books.closed)]
    for some in _chunks(books.closed):
        given = Assignment.objects.filter(letter_id__in=some).values_list("letter_id", flat=True)
        rows = Letter.objects.filter(pk__in=set(map(str, some)) - set(map(str, given)))
        found += [f"{number}: given to nobody" for number in rows.values_list("number", flat=True)]
    return found


def _jobs() -> list[str]:
    from jobs.models import Job

    wrong = [
        f"{job.kind} {job.subject}: parked without a reason"
        for job in Job.objects.filter(state="parked", error_code="", last_error="")[:_SHOWN]
    ]
    return wrong + ([f"{left} are due and not done"] if (left := due_jobs()) else [])


def proofs() -> list[str]:
    """Verify the register with all files, the ledger and the journal of payments."""
    from eservices.payments.journal import check
    from registry.verification import verify_register

    return sorted({str(problem.as_json()) for problem in [*check(), *verify_register()]})


def shown(verdict: dict[str, list[str]]) -> list[str]:
    """Return lines that say it."""
    lines = []
    for what, wrong in verdict.items():
        lines.append(f"  {what}: {len(wrong)}")
        lines += [f"    {one}" for one in wrong[:_SHOWN]]
    return lines
