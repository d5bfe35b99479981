"""A collector of OpenTelemetry: takes spans by OTLP over HTTP, and keeps them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector:
    """The collector: it listens on a port of its own while the block runs."""

    def __init__(self) -> None:
        self._taken: list[ExportTraceServiceRequest] = []
        taken = self._taken

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.path == "/v1/traces"
                taken.append(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _spans(self) -> Iterator[Span]:
        for request in list(self._taken):
            for resource in request.resource_spans:
                for scope in resource.scope_spans:
                    yield from scope.spans

    def trace_of(self, name: str) -> set[str]:
        """Return the names of all spans of the traces in which one of this name stands."""
        spans = list(self._spans())
        wanted = {span.trace_id for span in spans if span.name == name}
        return {span.name for span in spans if span.trace_id in wanted}

    @property
    def everything(self) -> str:
        """Return all that was received, as text."""
        return "".join(str(request) for request in list(self._taken))
