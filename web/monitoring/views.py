"""GET /readyz, for balancers; GET /metrics, for Prometheus with METRICS_TOKEN."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from web.monitoring.figures import Figures
from web.monitoring.parts import checked_lately, is_ready


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Return whether letters are taken, and which parts answer; 503 where a needed one does not."""
    found = checked_lately()
    ready = is_ready(found)
    return JsonResponse({"ready": ready, "parts": found}, status=200 if ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the figures; 404 without the token, or where none is set."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    known = settings.METRICS_TOKEN
    if not known or kind != "Bearer" or not constant_time_compare(given, known):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
