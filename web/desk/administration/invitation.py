"""The page that an invitation opens: the invited person chooses their password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from identity.invitations import opened, take
from org.errors import BadOrganisationError
from web.addresses import plain_address


@sensitive_post_parameters("new_password1", "new_password2")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, invitation_id: int, token: str) -> HttpResponse:
    """Show the form of the password, and set it; a link that ended says so."""
    invitation = opened(invitation_id, token)
    if invitation is None:
        return render(request, "web/administration/invitation_ended.html", status=404)
    posted: Any = request.POST if request.method == "POST" else None
    form: Any = SetPasswordForm(invitation.person, posted)
    if posted is None or not form.is_valid():
        context = {"form": form, "person": invitation.person}
        status = 200 if posted is None else 422
        return render(request, "web/administration/invitation.html", context, status=status)
    try:
        password = form.cleaned_data["new_password1"]
        take(invitation, password=password, address=plain_address(request))
    except BadOrganisationError:
        return render(request, "web/administration/invitation_ended.html", status=404)
    messages.success(request, _("Your password is set. Log in with it."))
    return redirect("desk:login")
