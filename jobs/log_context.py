"""What a log line belongs to: the request or the job at hand, in this thread or task."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_AT_HAND: ContextVar[Mapping[str, str]] = ContextVar("log_context", default={})  # noqa: B039


def at_hand() -> Mapping[str, str]:
    """Return the ids that belong to every line that is written now."""
    return _AT_HAND.get()


@contextmanager
def belonging_to(**ids: str) -> Iterator[None]:
    """Put these ids, those that are not empty, on every line that is written in the block."""
    kept = _AT_HAND.set({**_AT_HAND.get(), **{name: text for name, text in ids.items() if text}})
    try:
        yield
    finally:
        _AT_HAND.reset(kept)
