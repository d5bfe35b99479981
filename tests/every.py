"""A table of cases as one test, which tells every case that fails."""

from collections.abc import Callable, Iterable
from typing import TypeVar

What = TypeVar("What")


def each(
    whats: Iterable[What],
    attempt: Callable[[What], None],
    *,
    named: Callable[[What], object] = lambda what: what,
) -> None:
    """Try all of them; then fail with every one that failed, each by its name."""
    failures: list[str] = []
    tried = 0
    for what in whats:
        tried += 1
        try:
            attempt(what)
        except Exception as error:
            failures.append(f"{named(what)}: {type(error).__name__}: {error}")
    assert not failures, f"{len(failures)} of {tried} failed\n" + "\n".join(failures)
    assert tried, "nothing was tried"
