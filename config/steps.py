"""How the tables of jobs are written: functions named by their path, and what follows what."""

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

from jobs.outbox import enqueue


def late(path: str) -> Callable[..., Any]:
    """The function at `path`, imported when it is first needed: a web process that only serves
    pages never loads the readers and classifiers."""

    def call(*args: Any) -> Any:
        return import_string(path)(*args)

    return call


def then(path: str, *, follow: str) -> Callable[[str, Any], None]:
    """Save by the function at `path`, and put the next step into the outbox."""

    def save(subject: str, result: Any) -> None:
        import_string(path)(subject, result)
        enqueue(follow, subject)

    return save


def where(question: str, *, follow: str) -> Callable[[str, Any], None]:
    """Put a further step into the outbox where the function at `question` says so."""

    def save(subject: str, result: Any) -> None:
        if import_string(question)(subject, result):
            enqueue(follow, subject)

    return save


def follow_with(follow: str) -> Callable[[str, Any], None]:
    """Put a further step into the outbox, whatever came out."""

    def save(subject: str, _result: Any) -> None:
        enqueue(follow, subject)

    return save


def in_turn(*saves: Callable[[str, Any], None]) -> Callable[[str, Any], None]:
    """One after the other."""

    def save(subject: str, result: Any) -> None:
        for one in saves:
            one(subject, result)

    return save
