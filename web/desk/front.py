"""Entry points of the desk: home, log-in and log-out, language, health, and error pages."""

from typing import Any

from django.contrib.auth import views as auth_views
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from org.models import User
from registry.refusals import Refusal
from web.api.error_codes import WORDS
from web.api.errors import answer_plainly
from web.context import LANGUAGES, permissions_for
from web.later import unavailable
from web.middleware import LongQueryError
from web.shared.sessions import forget_pages


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Redirect to the user's first page; citizens to the portal."""
    permissions = permissions_for(request)
    if permissions is None:
        return redirect("/portal/")
    if permissions.is_office:
        return redirect("desk:tray")
    if permissions.departments:
        return redirect("desk:inbox")
    return redirect("desk:search" if permissions.reads_all else "desk:office")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages, and of the user's next log-in."""
    wanted = request.POST.get("language", "")
    if isinstance(request.user, User) and wanted in {code for code, *_ in LANGUAGES}:
        User.objects.filter(pk=request.user.pk).update(language=wanted)
    return set_language(request)


class LogOut(auth_views.LogoutView):
    """End of the session; only by POST. The browser forgets what it kept of pages."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session."""
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return forget_pages(answer)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Report to monitoring whether the application and its database answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # any driver error gives the same answer
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True})


def malformed(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer a request that is malformed, or larger than is accepted."""
    too_long = isinstance(exception, LongQueryError)
    if _is_api(request):
        return answer_plainly(request, "too_long" if too_long else "malformed")
    words = str(WORDS["too_long"][1]) if too_long else _too_much(exception)
    status = 414 if too_long else 413 if words else 400
    return render(request, "web/malformed.html", {"words": words}, status=status)


def _too_much(exception: Any) -> str:
    if isinstance(exception, TooManyFilesSent):
        return Refusal("too_many_files").words()
    return str(WORDS["too_large"][1]) if isinstance(exception, RequestDataTooBig) else ""


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer 404, without telling whether the thing is missing or hidden from this user."""
    if _is_api(request):
        return answer_plainly(request, "not_found")
    return render(request, "web/not_found.html", status=404)


def not_allowed(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer 403; the sentence says what is not allowed, where it is known."""
    if _is_api(request):
        return answer_plainly(request, "not_allowed")
    words = str(exception) if exception and exception.args else ""
    return render(request, "web/not_allowed.html", {"words": words}, status=403)


def failed(request: HttpRequest, *, away: bool = False) -> HttpResponse:
    """Answer a server error in the browser's language, without the database (perhaps `away`)."""
    if _is_api(request):
        return answer_plainly(request, "unavailable" if away else "server_error")
    translation.activate(translation.get_language_from_request(request))
    answer = HttpResponse(render_to_string("web/failed.html"), status=500)
    return unavailable(answer) if away else answer


def _is_api(request: HttpRequest) -> bool:
    """Tell whether the request is to the API, whose errors have one JSON shape."""
    return request.path.startswith(("/api/", "/scim/"))
