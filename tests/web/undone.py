"""Many tries on one office: what a try changes is taken back before the next."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction

from tests import every

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

    def attempt_and_undo(what: What) -> None:
        with undone():
            attempt(what)

    every.each(whats, attempt_and_undo)
