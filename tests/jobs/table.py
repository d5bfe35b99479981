"""Kinds of work that tests ask for; each leaves a trace in `done`, and misbehaves as it is told."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from jobs.errors import Permanent, Transient, Unavailable, Yield
from jobs.kinds import JobKind
from jobs.table import SPARE, URGENT, Progress, Step


class TriedJob(JobKind):
    """The kinds of TABLE."""

    MANY = "many"
    GOOD = "good"
    LATER = "later"
    SPARE_QUICK = "spare_quick"
    URGENT = "urgent"
    LONG = "long"
    BROKEN = "broken"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    AWAY = "away"
    POISON = "poison"
    UNTELLABLE = "untellable"
    SLOW = "slow"


done: list[str] = []
parked: list[tuple[str, str]] = []
begun: list[str] = []
during_work: list[Any] = []  # functions to call in mid-work
together: list[list[str]] = []  # the subjects of each batch


def _work(subject: str, progress: Progress) -> str:
    for call in during_work:
        call()
    progress(1, 2)
    return f"result of {subject}"


def _save(subject: str, result: Any) -> None:
    done.append(result)


def _failing(error: Exception) -> Any:
    def work(_subject: str, _progress: Progress) -> None:
        raise error

    return work


def _long(subject: str, progress: Progress) -> str:
    """Two pieces of work; between them it lets pass whoever waits."""
    from jobs.runner import others_wait

    pieces = 1 + sum(1 for one in begun if one == subject)
    begun.append(subject)
    progress(pieces, 2)
    if pieces < 2 and others_wait(TriedJob.LONG):
        raise Yield
    return f"result of {subject}"


def _suicide(subject: str, _progress: Progress) -> None:
    """Leaves a mark for each attempt, then the process is gone."""
    with Path(os.environ["MARKS"]).open("a") as marks:
        marks.write(f"{subject}\n")
    os.kill(os.getpid(), signal.SIGKILL)


def _slow(subject: str, _progress: Progress) -> str:
    """Tells that it has begun; slow only the first time."""
    marks = Path(os.environ["MARKS"])
    first = not marks.exists()
    with marks.open("a") as file:
        file.write(f"{subject}\n")
    if first:
        time.sleep(60)
    return f"result of {subject}"


def _save_in_database(subject: str, result: Any) -> None:
    """A row that can be written once: a second save of the same work would fail loudly."""
    from org.models import LetterKind

    LetterKind.objects.create(code=subject, name_ar=result, name_fr=result, name_en=result)


def _note_parked(subject: str, code: str) -> None:
    parked.append((subject, code))


def _speechless(_subject: str, _code: str) -> None:
    raise LookupError("nobody to tell")


def _many(subjects: list[str], progress: Progress) -> None:
    """Fails as it is told by what it is given: a service that is away, or one poisonous subject."""
    together.append(subjects)
    for call in during_work:
        call()
    progress(0, len(subjects))
    if "away" in subjects:
        raise Unavailable("away", "away")
    if "bad" in subjects:
        raise ValueError("Mme Untel")


def _one_of_many(subject: str, progress: Progress) -> None:
    _many([subject], progress)


TABLE = {
    TriedJob.MANY: Step(work=_one_of_many, work_many=_many, at_once=8),
    TriedJob.GOOD: Step(work=_work, save=_save, on_parked=_note_parked),
    TriedJob.LATER: Step(work=_work, save=_save, priority=SPARE, queue="slow"),
    TriedJob.SPARE_QUICK: Step(work=_work, save=_save, priority=SPARE),
    TriedJob.URGENT: Step(work=_work, save=_save, priority=URGENT),
    TriedJob.LONG: Step(work=_long, save=_save, queue="slow"),
    TriedJob.BROKEN: Step(work=_failing(ZeroDivisionError("Mme Untel")), on_parked=_note_parked),
    TriedJob.TRANSIENT: Step(work=_failing(Transient("busy", "busy")), on_parked=_note_parked),
    TriedJob.PERMANENT: Step(
        work=_failing(Permanent("encrypted", "locked")), save=_save, on_parked=_note_parked
    ),
    TriedJob.AWAY: Step(work=_failing(Unavailable("away", "away")), on_parked=_note_parked),
    TriedJob.POISON: Step(work=_suicide, on_parked=_note_parked, seconds=5),
    TriedJob.UNTELLABLE: Step(
        work=_failing(Permanent("encrypted", "locked")), on_parked=_speechless
    ),
    TriedJob.SLOW: Step(work=_slow, save=_save_in_database),
}


def tick() -> None:
    """A clock that asks for nothing."""


def broken_tick() -> None:
    """A clock that fails whenever it is asked."""
    raise LookupError("no clock")
