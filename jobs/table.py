"""Kinds of jobs: work outside the transaction, save inside it; config holds the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

Progress = Callable[[int, int], None]
SPARE = 9  # the priority of what is done when nothing else is due
URGENT = 3  # up to this priority a quick job has a thread that waits for nothing else


def save_nothing(subject: str, result: Any) -> None:
    """Save nothing, for work whose effect is not in the database (an index entry)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of job.

    work(subject, progress) -> result: slow, outside any transaction, may be repeated.
    save(subject, result): quick, in the transaction that also marks the job done.
    on_parked(subject, code): in the transaction that parks it, so that the letter can say so.
    priority: 0 is the most urgent, SPARE the least.
    seconds: bound on one attempt without progress (the lease); each progress renews it.
    work_many(subjects, progress): the work for up to `at_once` subjects together, without results:
    each is saved with None; when it fails, each is tried alone by `work`.
    """

    work: Callable[[str, Progress], Any]
    save: Callable[[str, Any], None] = save_nothing
    on_parked: Callable[[str, str], None] = field(default=save_nothing)
    queue: str = "fast"
    priority: int = 5
    seconds: int = 0
    work_many: Callable[[list[str], Progress], Any] | None = None
    at_once: int = 200

    @property
    def lease_seconds(self) -> int:
        """Length of one lease in seconds."""
        return self.seconds or int(settings.JOB_LEASE_SECONDS)


@cache
def _table(path: str) -> Mapping[str, Step]:
    table: Mapping[str, Step] = import_string(path)
    return table


def known_kinds() -> list[str]:
    """Return the kinds this program can do; those of a newer program are left to it."""
    return list(_table(settings.JOB_TABLE))


def step_of(kind: str) -> Step:
    """Return the step of a kind; raise KeyError when unknown."""
    return _table(settings.JOB_TABLE)[kind]
