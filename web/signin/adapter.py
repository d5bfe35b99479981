"""Hooks of django-allauth into the office: messages, mails, records, who may come in."""

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from segno import make as make_qr

from identity import events, factors
from identity.kinds import SecurityKind
from identity.mails import queue_notice
from org.bounded_answers import bounded
from org.models import User
from web.addresses import plain_address
from web.shared.cookies import set_cookie
from web.shared.push_browser import end_pushes_elsewhere
from web.shared.sessions import is_fresh
from web.signin.known_device import know_device
from web.signin.untrue import log_failure

SESSION_THERE: Final = "office.sid"  # of a session that a sign-in there began: its name there
# allauth's mail of a change -> what is on record, and what the person is told of
NOTICES: Final = {
    "account/email/password_changed": SecurityKind.PASSWORD_CHANGED,
    "account/email/password_reset": SecurityKind.PASSWORD_CHANGED,
    "account/email/password_set": SecurityKind.PASSWORD_CHANGED,
    "mfa/email/totp_activated": SecurityKind.FACTOR_ADDED,
    "mfa/email/totp_deactivated": SecurityKind.FACTOR_REMOVED,
    "mfa/email/webauthn_added": SecurityKind.FACTOR_ADDED,
    "mfa/email/webauthn_removed": SecurityKind.FACTOR_REMOVED,
    "mfa/email/recovery_codes_generated": SecurityKind.CODES_MADE,
    "socialaccount/email/account_connected": SecurityKind.PROVIDER_CONNECTED,
}
# allauth's message -> our words
WORDS: Final = {
    "account/messages/password_changed.txt": gettext_lazy("Your password is changed."),
    "mfa/messages/totp_activated.txt": gettext_lazy("The app is set up as your second step."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The app is no longer your second step."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey is removed."),
    "usersessions/messages/sessions_logged_out.txt": gettext_lazy("All other sessions are ended."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts: no sign-up, addresses as our proxies saw them, every step on record."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": gettext_lazy("This is not your present password."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait a little."),
        "rate_limited": gettext_lazy("Too many attempts. Wait a little."),
        "invalid_password_reset": gettext_lazy("This link is used or too old. Ask for another."),
    }

    def is_open_for_signup(self, request: HttpRequest, *args: Any) -> bool:
        """Return False: people are entered by an administrator."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that the outermost of our own proxies saw."""
        return plain_address(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether the person must confirm who they are before this."""
        return not is_fresh(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return our one page, which offers all ways that the person has."""
        url = reverse("account_reauthenticate")
        return [{"id": "reauthenticate", "description": "", "url": url}]

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words, or not at all."""
        if message_template == "usersessions/messages/sessions_logged_out.txt":
            person = request.user if isinstance(request.user, User) else None
            events.record(
                SecurityKind.SESSIONS_ENDED,
                person=person,
                address=plain_address(request),
            )
            if person is not None:
                end_pushes_elsewhere(request, person)
        words = message or WORDS.get(message_template or "")
        if words:
            told = messages.SUCCESS if level < messages.WARNING else level
            messages.add_message(request, told, str(words), extra_tags=extra_tags)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Put a change to an account on record, and tell the person by a job."""
        what = NOTICES.get(template_prefix)
        if what is None or not isinstance(user, User):
            return
        way = template_prefix.rpartition("/")[2]
        address = plain_address(self.request)
        events.record(what, person=user, subject=user, address=address, way=way)
        queue_notice(user, what)
        if what == SecurityKind.PASSWORD_CHANGED:  # other sessions end by it
            end_pushes_elsewhere(self.request, user)

    def post_login(
        self, request: HttpRequest, user: Any, *, signal_kwargs: Any, **kwargs: Any
    ) -> HttpResponse:
        """Record the sign-in; the browser is known from now on, in the person's language."""
        answer: HttpResponse = super().post_login(
            request, user, signal_kwargs=signal_kwargs, **kwargs
        )
        there = (signal_kwargs or {}).get("sociallogin")
        if there:
            told = there.account.extra_data.get("id_token", {})
            request.session[SESSION_THERE] = str(told.get("sid", ""))
        way = "provider" if there else "here"
        events.record(SecurityKind.SIGNED_IN, person=user, address=plain_address(request), way=way)
        know_device(request, answer, user)
        if user.language in dict(settings.LANGUAGES):
            set_cookie(answer, settings.LANGUAGE_COOKIE_NAME, user.language)
        return answer

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Answer somebody who left as anybody who is not known."""
        return turned_away(request)


def turned_away(request: HttpRequest) -> HttpResponse:
    """Send somebody back to the log-in, without saying whether they are known."""
    messages.error(request, _("You have no access here. Ask an administrator of the office."))
    return redirect("account_login")


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second steps: secrets kept enciphered, and none removed that a duty requires."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right, or no longer."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your duty asks for a second step. Set up another before you remove this one."
        ),
    }

    def get_totp_issuer(self) -> str:
        """Return the office's name, as apps show it."""
        return settings.ORGANISATION_NAME or _("Registry office")

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.username)

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as a drawing that stands in the page itself."""
        drawn: str = make_qr(url, error="m", micro=False).svg_inline(
            scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None
        )
        return drawn

    def encrypt(self, text: str) -> str:
        """Return a secret as it is kept."""
        return factors.encipher(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a kept secret."""
        return factors.decipher(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether the person's duty lets this one go."""
        return not factors.is_last_of_required(authenticator)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Return a name for a new passkey."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """People of an identity provider: those whom the office knows by a verified address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Return False: nobody gets an account by being known elsewhere."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect a person at their first visit by their address; turn others away."""
        if sociallogin.is_existing:
            return
        verified = [one.email for one in sociallogin.email_addresses if one.verified]
        found = (
            list(User.objects.filter(email__in=verified, is_active=True)[:2]) if verified else []
        )
        if len(found) != 1:
            events.record(
                SecurityKind.PROVIDER_REFUSED,
                person=None,
                address=plain_address(request),
            )
            raise ImmediateHttpResponse(turned_away(request))
        sociallogin.connect(request, found[0])
        address = plain_address(request)
        events.record(
            SecurityKind.PROVIDER_CONNECTED,
            person=found[0],
            subject=found[0],
            address=address,
        )
        queue_notice(found[0], "provider_connected")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: `pre_social_login` tells."""

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Send people back to the log-in where the provider failed or said no; log why."""
        log_failure(kwargs.get("exception"), said=str(kwargs.get("error") or ""))
        raise ImmediateHttpResponse(no_answer(request))

    def get_requests_session(self) -> Any:
        """Return how the provider is asked: in time, bounded, and never followed elsewhere."""
        session = bounded(super().get_requests_session())
        session.max_redirects = 0
        return session


def no_answer(request: HttpRequest) -> HttpResponse:
    """Send somebody back to the log-in: the provider failed, said no, or is not to be believed."""
    messages.error(request, _("The identity provider did not let you in. Try again."))
    return redirect("account_login")
