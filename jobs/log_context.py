"""The ids that each log line carries: of the request or the job of this thread or task."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_FIELDS: ContextVar[Mapping[str, str]] = ContextVar("log_context", default={})  # noqa: B039


def current_fields() -> Mapping[str, str]:
    """Return the ids that a line written now carries."""
    return _FIELDS.get()


@contextmanager
def log_fields(**ids: str) -> Iterator[None]:
    """Add these ids, those that are not empty, to every line that is written in the block."""
    kept = _FIELDS.set({**_FIELDS.get(), **{name: text for name, text in ids.items() if text}})
    try:
        yield
    finally:
        _FIELDS.reset(kept)
