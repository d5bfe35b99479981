"""Forms for citizens."""

import re
import secrets
import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from correspondence.dispatch.sender_messages import chosen
from eservices.phone_words import line_problem, phone_problem
from language.reach import email_key, phone_key
from registry.intake import LetterData, PartyData
from registry.models.letters import Channel, Party

SENDER = ("name", "organisation", "address", "email", "phone")
_KEY = re.compile(r"[\w-]{20,64}", re.ASCII)


class CitizenForm(forms.Form):
    """Base form that ties errors to their fields for screen readers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"


class DepositForm(CitizenForm):
    """A letter to the office. It has no field for an identity-card number."""

    subject = forms.CharField(label=_("What is it about?"), max_length=500)
    message = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    name = forms.CharField(
        label=_("Full name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    organisation = forms.CharField(
        label=_("Company or association"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    phone = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    address = forms.CharField(
        label=_("Postal address"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    tell_email = forms.BooleanField(label=_("by e-mail"), required=False)
    tell_sms = forms.BooleanField(label=_("by SMS"), required=False)
    deposit_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    website = forms.CharField(required=False, max_length=200)  # the trap: people do not see it

    def clean_website(self) -> str:
        """Refuse programs, which fill in everything; people whose browser did so send again."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Something filled in a hidden field. Please send once more."))
        return ""

    def clean_deposit_key(self) -> str:
        """Return the key if it is one of ours, long enough to be unique; else a new one."""
        given = str(self.cleaned_data["deposit_key"])
        return given if _KEY.fullmatch(given) else new_key()

    def clean_phone(self) -> str:
        """Return what was typed, also several numbers; not what is none, or one miscounted."""
        text = str(self.cleaned_data["phone"])
        if text and (problem := line_problem(text)):
            raise ValidationError(problem)
        return text

    def clean(self) -> dict[str, Any]:
        """Require the address of each way on which the citizen wants to be notified."""
        given = super().clean() or self.cleaned_data
        for field, address, words in (
            ("tell_email", "email", _("To be told by e-mail, give your e-mail address.")),
            ("tell_sms", "phone", _("To be told by SMS, give your phone number.")),
        ):
            if given.get(field) and address not in self.errors and not _reaches(given, address):
                self.add_error(address, words)
                self.fields[address].widget.attrs["aria-invalid"] = "true"
        return given

    def key(self) -> str:
        """Return the deposit's key, also of a form that is not valid."""
        return str(self.cleaned_data.get("deposit_key") or new_key())

    def letter_data(self) -> LetterData:
        """Return what the register keeps. Only when the form is valid."""
        given = self.cleaned_data
        sender = PartyData(Party.Role.SENDER, **{name: given[name] for name in SENDER})
        return LetterData(
            channel=Channel.PORTAL,
            subject=given["subject"],
            parties=[sender],
            notes=chosen(
                email=given["email"] if given["tell_email"] else "",
                phone=given["phone"] if given["tell_sms"] else "",
                language=get_language() or "",
            ),
        )


def sms_risk() -> str:
    """Return what a person should know before they choose SMS; "" where the office sends none."""
    if not settings.SMS_URL:
        return ""
    words = _(
        "An e-mail address is the safer choice: a code by SMS also reaches whoever holds your "
        "telephone, or has your number moved to another card."
    )
    return str(words)


def _reaches(given: dict[str, Any], address: str) -> bool:
    text = str(given.get(address) or "")
    return bool(phone_key(text) if address == "phone" else text)


def new_key() -> str:
    """Return the key by which a deposit that is sent twice is registered once."""
    return secrets.token_urlsafe(24)


class LostCodeForm(CitizenForm):
    """The number of a letter, and the address that its sender chose for notifications."""

    number = forms.CharField(
        label=_("Registry number"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"}),
    )
    contact = forms.CharField(
        label=_("E-mail address or phone number that you gave"),
        max_length=254,
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
    )

    def clean_contact(self) -> str:
        """Return the address; refuse what is none, to which nobody could have wanted a message."""
        given = str(self.cleaned_data["contact"]).strip()
        is_phone = "@" not in given and any(sign.isdigit() for sign in given)
        if is_phone and (problem := phone_problem(given)):
            raise ValidationError(problem)
        if not is_phone and not email_key(given):
            raise ValidationError(_("This is no e-mail address and no telephone number."))
        return given


class FollowForm(CitizenForm):
    """Number and code, in whatever digits and notation."""

    number = forms.CharField(
        label=_("Registry number"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Tracking code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "dir": "ltr",
                "spellcheck": "false",
            }
        ),
    )

    def clean_code(self) -> str:
        """Return the code with full-width letters and the like as plain ones."""
        return unicodedata.normalize("NFKC", str(self.cleaned_data["code"]))
