"""My account: an overview, the confirmation page, and what has no page of its own here."""

from typing import Any

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from identity.factors import has_second_step, needs_second_step
from identity.tokens import in_force
from web.shared.guard import StaffRequest, form, page
from web.signin.adapter import turned_away
from web.signin.confirmation import asking, refused


@page()
def show(request: StaffRequest) -> HttpResponse:
    """Show what the person signs in with, and where they are signed in."""
    person = request.user
    kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    context: dict[str, Any] = {
        "has_app": "totp" in kinds,
        "passkeys": kinds.count("webauthn"),
        "protected": has_second_step(person),
        "asked": needs_second_step(person),
        "sessions": len(UserSession.objects.purge_and_list(person)),
        "tokens": in_force(person).count(),
        "provider": settings.OIDC_NAME if settings.OIDC_URL else "",
        "connected": SocialAccount.objects.filter(user=person).exists(),
    }
    return render(request, "web/signin/account.html", context)


@form()
def confirm(request: StaffRequest) -> HttpResponse:
    """Require the user to confirm who they are, then go on to the page that required it."""
    request.session.pop(STATE_SESSION_KEY, None)  # what was posted there is typed again
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    target = wanted if safe and wanted.startswith("/") else "/account/"
    refusal: str | None = ""
    if request.method == "POST":
        refusal = refused(request)
        if refusal is None:
            return HttpResponseRedirect(target, status=303)
    answer = asking(request, refusal=refusal or "", action=request.path, fields=[("next", target)])
    answer.status_code = 422 if refusal else 200
    return answer


@page()
def no_password(request: StaffRequest) -> HttpResponse:
    """Say how somebody without a password gets one."""
    messages.info(request, _("You have no password here. Have a link to one sent to you."))
    return redirect("account_reset_password")


@require_safe
def not_here(request: HttpRequest) -> HttpResponse:
    """Turn away somebody whom the identity provider knows and the office does not."""
    return turned_away(request)
