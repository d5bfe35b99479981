"""The log-in page: attempts are braked, but nobody is locked out of a device they know."""

import unicodedata
from typing import Any, Final

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from identity.devices import known_device
from identity.kinds import SecurityKind
from org.models import User
from web.addresses import address_of
from web.retry_later import braked, too_many_attempts
from web.shared.failed_sign_ins import record_failure
from web.shared.push_browser import end_pushes_here
from web.shared.sessions import forget_pages
from web.shared.signed_out import interrupted_form, resume
from web.signin.second_step import code_page
from web.throttle import (
    LOGIN_BY_ADDRESS,
    LOGIN_BY_NAME,
    LOGIN_BY_NAME_ANYWHERE,
    Limit,
    TooManyAttemptsError,
    count_attempt,
    take_back,
)

LOGIN_BY_DEVICE: Final = Limit("login.device", 10, 900)


def _as_read(name: str) -> str:
    """Return the user name as the form reads it (NFKC), in lower case."""
    return unicodedata.normalize("NFKC", name).replace("\0", "").strip().lower()[:150]


def brakes_of(request: HttpRequest, name: str) -> dict[Limit, str]:
    """Return what counts an attempt: the device where it is known, else address and name.

    So attempts from elsewhere never keep a person from a browser in which they signed in before,
    and those from one address from no other address. What an address may not try any more does
    not count for others.
    """
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    device = known_device(cookie, username=name) if cookie else None
    if device:
        return {LOGIN_BY_DEVICE: str(device.pk)}
    address = address_of(request)
    by_name = {LOGIN_BY_NAME: f"{address} {name}", LOGIN_BY_NAME_ANYWHERE: name}
    return {LOGIN_BY_ADDRESS: address, **by_name}


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class LogIn(auth_views.LoginView):
    """The log-in page; afterwards the pages are in the user's language."""

    template_name = "web/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the attempt before the password is checked, so that each guess costs."""
        name = _as_read(request.POST.get("username", ""))
        self.brakes = brakes_of(request, name)
        try:
            for limit, key in self.brakes.items():
                count_attempt(limit, key)
        except TooManyAttemptsError as error:
            record_failure(request, name, kind=SecurityKind.SIGN_IN_BRAKED)
            return self._later(error)
        return super().post(request, *args, **kwargs)

    def _later(self, error: TooManyAttemptsError) -> HttpResponse:
        context = self.get_context_data(
            form=AuthenticationForm(self.request), brake=too_many_attempts(error)
        )
        return braked(self.render_to_response(context), error)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was typed before the session ended; a wrong password loses none."""
        return super().get_context_data(**{"kept": interrupted_form(self.request), **kwargs})

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Record the failure, and say no more than that name and password do not fit."""
        name = _as_read(self.request.POST.get("username", ""))
        record_failure(self.request, name, kind=SecurityKind.SIGN_IN_FAILED)
        return super().form_invalid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go on to the second step, or begin the session, with what was typed before."""
        for limit, key in self.brakes.items():
            take_back(limit, key)
        person = form.get_user()
        kept = interrupted_form(self.request)
        login = Login(user=person, redirect_url=self.get_success_url())
        answer: HttpResponse = perform_password_login(
            self.request, {"username": person.get_username()}, login
        )
        if not kept:
            return answer
        if not self.request.user.is_authenticated:
            return code_page(self.request, person=person, kept=kept)
        return resume(self.request, kept, answer)


class LogOut(auth_views.LogoutView):
    """End of the session; only by POST. The browser forgets what it kept of pages.

    And it is told nothing more: its subscription to pushes ends, those of other browsers stay.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session."""
        person = request.user if isinstance(request.user, User) else None
        answer: HttpResponse = super().post(request, *args, **kwargs)
        end_pushes_here(request, answer, person)
        return forget_pages(answer)
