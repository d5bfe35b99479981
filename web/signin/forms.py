"""Forms of signing in: allauth's, with our words."""

from typing import Any, Final

from allauth.account.forms import ChangePasswordForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
)
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from identity.mails import ask_reset
from web.addresses import plain_address
from web.shared.failed_sign_ins import write_as_much
from web.throttle import Limit, is_first

CODE_USED: Final = Limit("login.code.used", 1, 120)  # longer than an app's code is good for


def _say(form: Any, **labels: Any) -> None:
    """Label the fields, drop texts inside them, and write left to right what is Latin."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, ""
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["dir"] = "ltr"


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]
    """The present password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self,
            oldpassword=_("Present password"),
            password1=_("New password"),
            password2=_("New password, once more"),
        )
        self.rules = password_validators_help_texts()


class NewPassword(ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, password1=_("New password"), password2=_("New password, once more"))
        self.rules = password_validators_help_texts()


class AskReset(ResetPasswordForm):  # type: ignore[misc]
    """An address to which a link is sent, if somebody here has it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, email=_("E-mail address"))

    def clean_email(self) -> str:
        """Return the address; its person is searched for once the page is answered."""
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Have the link sent; for an address that nobody has, as much is written."""
        email: str = self.cleaned_data["email"]
        with transaction.atomic():
            if not ask_reset(email, address=plain_address(request)):
                write_as_much(email)
        return email


class _Code:
    """A field for the six digits of an app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, code=_("Code"))
        fields: Any = self.fields  # type: ignore[attr-defined]
        fields["code"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class SecondStep(_Code, AuthenticateForm):  # type: ignore[misc]
    """A code of the app, or a recovery code; each works once."""

    def clean_code(self) -> str:
        """Return the code. Raise ValidationError.

        allauth remembers used codes in the process's own cache, which others do not share.
        """
        code = str(super().clean_code())
        plain = normalize_user_code(code)
        if not is_first(CODE_USED, f"{self.user.pk}:{plain}"):
            raise get_adapter().validation_error("incorrect_code")
        return code


class ActivateApp(_Code, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app; it lets nobody in afterwards."""

    def clean_code(self) -> str:
        """Return the code, which is used by this. Raise ValidationError."""
        code = str(super().clean_code())
        is_first(CODE_USED, f"{self.user.pk}:{normalize_user_code(code)}")
        return code


# What the library that reads a credential raises where one is malformed.
MALFORMED: Final = (KeyError, TypeError, ValueError, AttributeError, IndexError)


class _PlainJson(forms.JSONField):
    """JSON; what Django's field does not foresee is malformed too, as endless depth is."""

    def to_python(self, value: Any) -> Any:
        """Return the value. Raise ValidationError."""
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class _Credential:
    """A passkey's answer; a malformed one is refused as a wrong one is."""

    def clean_credential(self) -> Any:
        """Return the passkey. Raise ValidationError."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LogInByPasskey(_Credential, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey that is enough alone."""

    credential = _PlainJson(widget=forms.HiddenInput)


class StepByPasskey(_Credential, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as second step."""

    credential = _PlainJson(widget=forms.HiddenInput)


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A name for a passkey, and whether it is enough alone."""

    credential = _PlainJson(widget=forms.HiddenInput)
    passwordless = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self,
            name=_("Name of the passkey"),
            passwordless=_("Sign in with this passkey alone, without a password"),
        )
        self.fields["name"].widget.attrs["dir"] = "auto"
        self.fields["name"].max_length = 100
        self.fields["name"].widget.attrs["maxlength"] = "100"

    def clean(self) -> dict[str, Any]:
        """Return the values. Raise ValidationError for a malformed credential too."""
        try:
            return dict(super().clean())
        except MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error
