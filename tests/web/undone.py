"""Many tries on one office: what a try changes is taken back before the next."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction

What = TypeVar("What")


@contextmanager
def undone() -> Iterator[None]:
    """Take back what the block writes, as the end of a test would."""
    inner = transaction.atomic()
    inner._from_testcase = True  # type: ignore[attr-defined]  # durable blocks may stand in it
    with inner:
        yield
        transaction.set_rollback(True)


def each(whats: Iterable[What], attempt: Callable[[What], None]) -> None:
    """Try all of them, each on the office as it stands; then fail with every one that failed."""
    failures: list[str] = []
    tried = 0
    for what in whats:
        tried += 1
        try:
            with undone():
                attempt(what)
        except Exception as error:
            failures.append(f"{what}: {type(error).__name__}: {error}")
    assert not failures, f"{len(failures)} of {tried} failed\n" + "\n".join(failures)
    assert tried, "nothing was tried"
