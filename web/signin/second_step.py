"""The second step of signing in: a code or a passkey, after the password."""

from typing import Any, Final

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from identity import events
from identity.kinds import SecurityKind
from org.models import User
from web.addresses import plain_address
from web.retry_later import braked
from web.shared.signed_out import InterruptedForm, interrupted_form, resume
from web.signin.forms import SecondStep
from web.throttle import Limit, TooManyAttemptsError, count_attempt, count_from, take_back

PASSKEY_BY_ADDRESS: Final = Limit("login.passkey", 200, 900)
CODE_BY_PERSON: Final = Limit("login.code", 10, 900)
PAGE: Final = "web/signin/code.html"


class EnterCode(AuthenticateView):  # type: ignore[misc]
    """The page after the password; wrong codes are counted and put on record."""

    template_name = PAGE

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the attempt, then check the code."""
        person = self.stage.login.user
        try:
            count_attempt(CODE_BY_PERSON, str(person.pk))
        except TooManyAttemptsError as error:
            answer = code_page(request, person=person, kept=interrupted_form(request), braked=True)
            return braked(answer, error)
        done: HttpResponse = super().post(request, *args, **kwargs)
        return done

    def form_invalid(self, form: Any) -> HttpResponse:
        """Record the failure; what was typed before the session ended stays."""
        person = self.stage.login.user
        address = plain_address(self.request)
        events.record(
            SecurityKind.SECOND_FACTOR_FAILED,
            person=None,
            subject=person,
            address=address,
        )
        kept = interrupted_form(self.request)
        return code_page(self.request, person=person, kept=kept, form=self.auth_form, wrong=True)

    def form_valid(self, form: Any) -> HttpResponse:
        """Begin the session."""
        take_back(CODE_BY_PERSON, str(self.stage.login.user.pk))
        answer: HttpResponse = super().form_valid(form)
        kept = interrupted_form(self.request)
        return resume(self.request, kept, answer) if kept else answer

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page."""
        return code_page(request, person=self.stage.login.user, kept=None)


class ByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """Log-in by a passkey alone; each challenge begins a session, so they are counted."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Count, then send the challenge or check its answer."""
        try:
            count_from(request, PASSKEY_BY_ADDRESS)
        except TooManyAttemptsError as error:
            return braked(HttpResponse(), error)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Record the failure; whose passkey it was to be is not known."""
        address, told = plain_address(self.request), {"way": "mfa"}
        events.record(SecurityKind.SIGN_IN_FAILED, person=None, address=address, detail=told)
        answer: HttpResponse = super().form_invalid(form)
        return answer


def code_page(
    request: HttpRequest,
    *,
    person: User,
    kept: InterruptedForm | None,
    form: Any = None,
    wrong: bool = False,
    braked: bool = False,
) -> HttpResponse:
    """Render the page for a code or a passkey."""
    types = set(Authenticator.objects.filter(user_id=person.pk).values_list("type", flat=True))
    context = {
        "form": form or SecondStep(user=person),
        "passkey": passkeys.begin_authentication(person) if "webauthn" in types else None,
        "has_app": "totp" in types,
        "kept": kept,
        "wrong": wrong,
        "braked": braked,
    }
    return render(request, PAGE, context)
