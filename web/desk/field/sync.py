"""Addresses for the sheet's script: the service worker, a fresh token, entries one by one."""

from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from eservices.relations.field_sync import BadEntryError, take_entry
from eservices.relations.models import WorkOrder
from eservices.relations.orders import orders_visible_to
from org.models import User
from registry.refusals import DepositRefusedError
from routing.acting.errors import NotAllowedError
from web.desk.field.forms import as_moment, as_uuid
from web.retry_later import later_where_it_passes
from web.shared.guard import StaffRequest
from web.shared.strict_json import read_json
from web.uploads import arrived, takes_uploads

_WORKER = Path(__file__).resolve().parents[2] / "static" / "web" / "field" / "worker.js"
_SIGN_IN = {"sign_in": "/login/?next=/field/"}


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Answer the service worker; below /field/, since a worker serves what lies below its address.

    The worker of pushes stands at the root and serves no page.
    """
    answer = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def token(request: HttpRequest) -> HttpResponse:
    """Answer who is signed in, and the token that entries are sent with; 401 for nobody."""
    if not isinstance(request.user, User):
        return JsonResponse(_SIGN_IN, status=401)
    answer = JsonResponse({"csrf": get_token(request), "person": request.user.pk})
    answer["Cache-Control"] = "no-store"
    return answer


@csrf_exempt
def take(request: HttpRequest) -> HttpResponseBase:
    """Take one entry: 200 also where it was taken before, 401, 409, or 422 with the reason."""
    if not isinstance(request.user, User):
        return JsonResponse(_SIGN_IN, status=401)
    return _take(request)


@takes_uploads
@require_POST
def _take(request: Any) -> HttpResponse:
    if request.POST.get("by") != str(request.user.pk):
        words = _("Somebody else is signed in: these entries are not theirs.")
        return JsonResponse({"problem": words}, status=409)
    try:
        return JsonResponse(_taken(request))
    except (BadEntryError, NotAllowedError) as error:
        return JsonResponse({"problem": str(error)}, status=422)
    except DepositRefusedError as error:
        words = " ".join(str(one.words()) for one in error.refusals)
        answer = JsonResponse({"problem": words}, status=422)
        return later_where_it_passes(answer, error.refusals)


def _taken(request: StaffRequest) -> dict[str, Any]:
    given = request.POST
    order = _order(request.user, as_uuid(given.get("order", "")))
    files = arrived(request, "file")
    taken = take_entry(
        order,
        entry_id=as_uuid(given.get("id", "")),
        kind=given.get("kind", ""),
        data=_data(given.get("data", "{}")),
        made_at=as_moment(given.get("made_at", "")),
        by=request.user,
        file=files[0] if files else None,
    )
    return {"id": str(taken.entry.pk), "new": taken.new, "state": taken.order.state}


def _order(user: User, order_id: UUID) -> WorkOrder:
    rows = orders_visible_to(user).select_related("team__department")
    if (order := rows.filter(pk=order_id).first()) is None:
        raise BadEntryError(_("There is no such order for you."))
    return order


def _data(text: str) -> dict[str, Any]:
    try:
        data = read_json(text) if len(text) < 20_000 else None
    except ValueError:
        data = None
    if not isinstance(data, dict) or "\0" in text or "\\u0000" in text:
        raise BadEntryError(_("The entry cannot be read."))
    return data


@cache
def _script() -> bytes:
    return _WORKER.read_bytes()
