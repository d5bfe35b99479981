"""Entry points of the desk: home, language and health."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from org.addresses import is_staffs
from org.models import User
from web.context import LANGUAGES, permissions_for


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Redirect to the user's first page, others to the portal (at the desk's host: the log-in)."""
    permissions = permissions_for(request)
    if permissions is None:
        return redirect("/login/" if is_staffs(request.get_host()) else "/portal/")
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


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Report to monitoring whether the application and its database answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # any driver error gives the same answer
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True})
