"""Changing a password, and getting a new one by mail."""

from typing import Any, Final

from allauth.account import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from web.retry_later import braked, too_many_attempts
from web.throttle import Limit, TooManyAttemptsError, count_attempt, count_from

CHANGE_BY_PERSON: Final = Limit("password.person", 10, 900)
RESET_BY_ADDRESS: Final = Limit("reset.address", 20, 3600)
RESET_BY_EMAIL: Final = Limit("reset.email", 5, 3600)


class Change(views.PasswordChangeView):  # type: ignore[misc]
    """Another password; all other sessions and all API tokens end with the present one."""

    template_name = "web/signin/password.html"
    success_url = "/account/"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the attempt: the present password is asked for."""
        try:
            count_attempt(CHANGE_BY_PERSON, str(request.user.pk))
        except TooManyAttemptsError as error:
            return _later(request, error)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer


class Forgotten(views.PasswordResetView):  # type: ignore[misc]
    """Show the form for a link; the answer is the same whether or not the address is known."""

    template_name = "web/signin/forgotten.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the attempt, by where it comes from and by the address asked for."""
        email = request.POST.get("email", "").strip().lower()[:254]
        try:
            count_from(request, RESET_BY_ADDRESS)
            count_attempt(RESET_BY_EMAIL, email)
        except TooManyAttemptsError as error:
            return _later(request, error)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer


class New(views.PasswordResetFromKeyView):  # type: ignore[misc]
    """The page that the link leads to."""

    template_name = "web/signin/new_password.html"


def _later(request: HttpRequest, error: TooManyAttemptsError) -> HttpResponse:
    words = too_many_attempts(error)
    return braked(render(request, "web/malformed.html", {"words": words}), error)
