"""Setting up second steps: an app, passkeys, recovery codes."""

from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from identity.factors import is_last_of_required, needs_second_step
from web.signin.middleware import SECOND_STEP


class Overview(IndexView):  # type: ignore[misc]
    """What the person has set up."""

    template_name = "web/signin/steps.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether the person's duty requires a second step."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"asked": needs_second_step(self.request.user)}


class SetUpApp(totp.ActivateTOTPView):  # type: ignore[misc]
    """An app that shows codes: its QR code, and the first code of it."""

    template_name = "web/signin/app.html"


class RemoveApp(totp.DeactivateTOTPView):  # type: ignore[misc]
    """Remove the app, unless a duty requires it."""

    template_name = "web/signin/app_remove.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it; whether a second step is left is looked up anew."""
        self.request.session.pop(SECOND_STEP, None)
        answer: HttpResponse = super().form_valid(form)
        return answer


class AddPasskey(passkeys.AddWebAuthnView):  # type: ignore[misc]
    """A passkey: of this device, a telephone, or a security key."""

    template_name = "web/signin/passkey.html"


class RemovePasskey(passkeys.RemoveWebAuthnView):  # type: ignore[misc]
    """Remove a passkey, unless it is the last second step of a duty that requires one."""

    template_name = "web/signin/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or say why not."""
        if is_last_of_required(self.get_object()):
            words = _(
                "Your duty asks for a second step. Set up another before you remove this one."
            )
            messages.error(self.request, words)
            return redirect("mfa_index")
        self.request.session.pop(SECOND_STEP, None)
        answer: HttpResponse = super().form_valid(form)
        return answer


class Codes(codes.ViewRecoveryCodesView):  # type: ignore[misc]
    """Recovery codes, shown once."""

    template_name = "web/signin/codes.html"


class NewCodes(codes.GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make recovery codes; those of before end."""

    template_name = "web/signin/codes_new.html"
