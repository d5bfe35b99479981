"""Log-in with rate limiting: a maximum of wrong attempts per name and address in a window."""

import unicodedata
from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from language.bidi import isolate
from org.models import User
from web.desk.signed_out import kept_of
from web.throttle import (
    LOGIN_BY_ADDRESS,
    LOGIN_BY_NAME,
    TooManyAttemptsError,
    address_of,
    count_attempt,
    count_from,
    take_back,
)


def _as_read(name: str) -> str:
    """Return the user name as the form reads it (NFKC), in lower case."""
    return unicodedata.normalize("NFKC", name).strip().lower()[:150]


class LogIn(auth_views.LoginView):
    """The log-in page; afterwards the pages are in the user's language."""

    template_name = "web/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the attempt before the password is checked, so that each guess costs."""
        try:
            count_from(request, LOGIN_BY_ADDRESS)
            count_attempt(LOGIN_BY_NAME, _as_read(request.POST.get("username", "")))
        except TooManyAttemptsError as error:
            return self._later(error)
        return super().post(request, *args, **kwargs)

    def _later(self, error: TooManyAttemptsError) -> HttpResponse:
        minutes = -(-error.wait // 60)
        words = _("Too many attempts. Please try again in %(minutes)d minutes.")
        context = self.get_context_data(
            form=AuthenticationForm(self.request), brake=words % {"minutes": minutes}
        )
        answer: HttpResponse = self.render_to_response(context)
        answer.status_code = 429
        answer.headers["Retry-After"] = str(error.wait)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was typed before the session ended; a wrong password loses none."""
        return super().get_context_data(**{"kept": kept_of(self.request), **kwargs})

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Begin the session in the user's language, and offer to send what was typed before."""
        take_back(LOGIN_BY_ADDRESS, address_of(self.request))
        take_back(LOGIN_BY_NAME, _as_read(self.request.POST.get("username", "")))
        answer: HttpResponse = super().form_valid(form)
        if kept := kept_of(self.request):
            name = isolate(str(getattr(form.get_user(), "shown_name", "")))
            answer = render(self.request, "web/resume.html", {"kept": kept, "name": name})
        user = form.get_user()
        if isinstance(user, User) and user.language in dict(settings.LANGUAGES):
            answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return answer
