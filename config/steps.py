"""Building blocks of the job tables: what follows from a job's result."""

from collections.abc import Callable
from typing import Any

from jobs.kinds import JobKind
from jobs.outbox import enqueue

Save = Callable[[str, Any], Any]


def save_then(save: Save, *, follow: JobKind) -> Save:
    """Return a function that saves and puts the next step into the outbox."""

    def save_and_enqueue(subject: str, result: Any) -> None:
        save(subject, result)
        enqueue(follow, subject)

    return save_and_enqueue


def enqueue_if(question: Callable[[str, Any], bool], *, follow: JobKind) -> Save:
    """Return a function that puts a further step into the outbox where `question` says so."""

    def ask(subject: str, result: Any) -> None:
        if question(subject, result):
            enqueue(follow, subject)

    return ask


def enqueue_also(follow: JobKind) -> Save:
    """Return a function that puts a further step into the outbox, whatever the result."""

    def enqueue_it(subject: str, _result: Any) -> None:
        enqueue(follow, subject)

    return enqueue_it


def sequence(*saves: Save) -> Save:
    """Return a function that calls these one after the other."""

    def save_all(subject: str, result: Any) -> None:
        for save in saves:
            save(subject, result)

    return save_all
