"""What a gateway and the browsers that it sends back bring; only its own signed call counts."""

import logging
from typing import Final

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from eservices.payments.attempts import take_callback
from eservices.payments.gateways import gateway
from eservices.payments.port import GatewayError

MOST: Final = 64 * 1024  # bytes of a call
FAILURE: Final = "FAILURE"
_log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """Take the gateway's call, and answer ACTION=POSTAUTH, APPROVED or FAILURE."""
    return HttpResponse(_answer(request), content_type="text/plain; charset=utf-8")


def _answer(request: HttpRequest) -> str:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST:
        return FAILURE
    try:
        return take_callback(request.body)
    except (DatabaseError, GatewayError) as error:
        _log.error("a gateway's call failed: %s", type(error).__name__)
        return FAILURE


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def came_back(request: HttpRequest) -> HttpResponse:
    """Lead a browser that comes back to the state of its order; nothing changes by that.

    The gateway's form comes from another site, so the session is not there yet: it is with the
    page to which this leads.
    """
    fields = request.POST if request.method == "POST" else request.GET
    try:
        oid = gateway().handle_return({name: str(value) for name, value in fields.items()})
    except GatewayError:
        oid = ""
    query = f"?{urlencode({'order': oid})}" if oid else ""
    return HttpResponse(status=303, headers={"Location": f"/pay/state/{query}"})
