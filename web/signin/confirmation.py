"""Confirming who one is before something weighty: signing, voiding, keys, people.

A form that comes too long after the last sign-in is answered by a page that carries what was typed
along and requires the password, a code or a passkey; its one button sends both together.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account.internal.flows.login import (
    record_authentication,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as passkeys
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from identity import events
from identity.kinds import SecurityKind
from org.models import User
from web.addresses import plain_address
from web.shared.sessions import is_fresh, renew_key
from web.signin.forms import SecondStep, StepByPasskey
from web.throttle import Limit, TooManyAttemptsError, count_attempt, take_back

View = Callable[..., HttpResponseBase]
BY_PERSON: Final = Limit("confirm.person", 10, 900)
OWN_FIELDS: Final = {
    "csrfmiddlewaretoken", "confirm_password", "confirm_code", "confirm_credential",
}  # fmt: skip


def confirms(when: Callable[..., bool] | None = None) -> Callable[[View], View]:
    """Guard a view: what is posted is done only by a person who has just shown who they are.

    `when` is given the view's arguments by name, and says for which of its actions.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            weighty = request.method == "POST" and (when is None or when(**kwargs))
            if weighty and not is_fresh(request):
                refusal = refused(request)
                if refusal is not None:
                    return _ask(request, refusal)
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def refused(request: HttpRequest) -> str | None:
    """Check what the form says of who sends it; return None where it is right.

    Else the reason, "" where nothing was said yet.
    """
    given = {name for name in OWN_FIELDS if request.POST.get(name)} - {"csrfmiddlewaretoken"}
    person = request.user
    if not given or not isinstance(person, User):
        return ""
    try:
        count_attempt(BY_PERSON, str(person.pk))
    except TooManyAttemptsError:
        return _("Too many attempts. Wait a little.")
    method = _method_that_fits(request, person)
    address = plain_address(request)
    if method is None:
        events.record(SecurityKind.CONFIRM_FAILED, person=person, address=address)
        return _("This is not right. Try again.")
    take_back(BY_PERSON, str(person.pk))
    record_authentication(request, person, method, reauthenticated=True)
    renew_key(request)
    events.record(SecurityKind.CONFIRMED, person=person, address=address, way=method)
    return None


def _method_that_fits(request: HttpRequest, person: User) -> str | None:
    password = request.POST.get("confirm_password", "")
    if password and person.has_usable_password() and person.check_password(password):
        return "password"
    code = request.POST.get("confirm_code", "")
    if code and SecondStep(data={"code": code}, user=person).is_valid():
        return "mfa"
    credential = request.POST.get("confirm_credential", "")
    passkey = StepByPasskey(data={"credential": credential}, user=person)
    return "mfa" if credential and passkey.is_valid() else None


def ways_of(request: HttpRequest, person: User) -> dict[str, Any]:
    """Return what the page offers: a password, a code, a passkey, the identity provider."""
    types = set(Authenticator.objects.filter(user_id=person.pk).values_list("type", flat=True))
    passkey = Authenticator.Type.WEBAUTHN in types
    return {
        "has_password": person.has_usable_password(),
        "has_codes": bool(types - {Authenticator.Type.WEBAUTHN}),
        "passkey": passkeys.begin_authentication(person) if passkey else None,
        "provider": settings.OIDC_NAME if settings.OIDC_URL else "",
    }


def _ask(request: HttpRequest, refusal: str) -> HttpResponse:
    """Show the form; with files or within a page's fragment, on a page of its own first."""
    if getattr(request, "htmx", False) or request.FILES:
        back = request.META.get("HTTP_REFERER", "/").partition(request.get_host())[2] or "/"
        target = f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"
        messages.warning(request, _("Confirm that it is you, then do it again."))
        answer: HttpResponse = HttpResponseRedirect(target, status=303)
        if getattr(request, "htmx", False):
            answer = HttpResponse(headers={"HX-Redirect": target})
        return answer
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in OWN_FIELDS
    ]
    return asking(request, refusal=refusal, action=request.get_full_path(), fields=fields)


def asking(
    request: HttpRequest, *, refusal: str, action: str, fields: list[tuple[str, str]]
) -> HttpResponse:
    """Render the page with the form; it sends `fields` along to `action`."""
    person = request.user
    context = ways_of(request, person) if isinstance(person, User) else {}
    context |= {"refusal": refusal, "action": action, "fields": fields}
    return render(request, "web/signin/confirm.html", context, status=401)
