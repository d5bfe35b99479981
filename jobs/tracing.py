"""Spans of OpenTelemetry around requests and jobs; without TRACES_URL they cost next to nothing.

A job carries the W3C traceparent of what enqueued it, so that a deposit, its reading and its
indexing are one trace, on whichever machine each ran. Spans hold ids and kinds, never words.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_W3C: Final = TraceContextTextMapPropagator()
LONGEST: Final = 55  # characters of a traceparent


@contextmanager
def spanning(
    name: str,
    kind: SpanKind,
    attributes: Mapping[str, str | int],
    *,
    parent: Context | None = None,
) -> Iterator[Span]:
    """Record the block as a span; of an error that leaves it, the class alone, not its words."""
    with trace.get_tracer("sijill").start_as_current_span(
        name,
        context=parent,
        kind=kind,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except BaseException as error:
            mark_failed(type(error).__name__)
            raise


def mark_failed(code: str) -> None:
    """Mark the current span as failed, with a code or an error's class."""
    span = trace.get_current_span()
    span.set_attribute("error.type", code)
    span.set_status(StatusCode.ERROR)


def carried() -> str:
    """Return the traceparent of the current span; "" where none is recorded."""
    kept: dict[str, str] = {}
    _W3C.inject(kept)
    return kept.get("traceparent", "")


def parent_of(traceparent: str) -> Context | None:
    """Return the context that a traceparent names, or None where it is no good one."""
    return _W3C.extract({"traceparent": traceparent}) if traceparent else None
