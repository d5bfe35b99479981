"""OpenTelemetry: spans of this process go to a collector (TRACES_URL), in the background."""

from urllib.parse import urlsplit

from django.conf import settings


def start_tracing(part: str) -> None:
    """Send the spans of this process, and of those that it forks, to the collector.

    `part` names it (`web`, `worker`…). A collector that is away loses spans and holds up nothing.
    The standard's own variables (OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS) are obeyed.
    """
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(
        resource=Resource.create({"service.namespace": "sijill", "service.name": f"sijill-{part}"})
    )
    exporter = OTLPSpanExporter(endpoint=address(settings.TRACES_URL), timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


def address(url: str) -> str:
    """Return where traces are posted to: the collector's own path, or the standard's."""
    return url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}/v1/traces"


def part_of(arguments: list[str]) -> str:
    """Return the name of a process by its command line: its command of manage.py, or Celery's."""
    program = arguments[0].rsplit("/", 1)[-1] if arguments else ""
    words = [word for word in arguments[1:] if not word.startswith("-")]
    if "celery" in program:
        return "clock" if "beat" in words else "worker"
    return {"up": "web", "work": "worker"}.get(words[0], words[0]) if words else "other"
