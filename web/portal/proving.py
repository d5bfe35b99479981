"""Where a visitor's browser submits the solution of its task (`web.proof`)."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from web.proof import PASS_SECONDS, pass_for
from web.shared.cookies import set_cookie


@require_POST
def proof(request: HttpRequest) -> JsonResponse:
    """Give a pass for a solved task, as a cookie; 422 for one that is not solved or was used."""
    given = pass_for(request, request.POST.get("task", ""), request.POST.get("answer", ""))
    answer = JsonResponse({"ok": bool(given)}, status=200 if given else 422)
    if given:
        set_cookie(answer, settings.PROOF_COOKIE_NAME, given, seconds=PASS_SECONDS)
    return answer
