"""Forms of the centre: a contact, a try of a call-back, a note for the next shift."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.catalogue.definition import LANGUAGES
from eservices.relations.callbacks import TryData
from eservices.relations.contact_log import LONGEST_TALK, MomentData, talked
from eservices.relations.customers import Customer
from eservices.relations.errors import BadContactError
from eservices.relations.models import ContactMoment
from eservices.requests.models import Request
from org.models import Department

_SALT: Final = "centre.opened"
_NAMES: Final = {"ar": "العربية", "fr": "Français", "en": "English"}
_MOMENT: Final = "datetime-local"


def opened_now() -> str:
    """Return the signed moment at which a page was made: no talk is longer than it was open."""
    return signing.dumps(timezone.now().isoformat(), salt=_SALT)


def opened_at(token: str) -> datetime | None:
    """Return the moment of a page; None for a foreign or an old one."""
    try:
        return datetime.fromisoformat(signing.loads(token, salt=_SALT, max_age=24 * 60 * 60))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def timed(seconds: int | None, opened: datetime | None) -> int | None:
    """Return how long a contact took, as the page measured it and the server believes it."""
    return talked(seconds, opened_at=opened, now=timezone.now())


def _known_of(customer: Customer) -> dict[str, str]:
    return {
        "phone": customer.phone,
        "name": customer.name,
        "contract_number": customer.contracts[0] if len(customer.contracts) == 1 else "",
        "language": customer.language if customer.language in LANGUAGES else "ar",
    }


class MomentForm(forms.Form):
    """A contact as an agent logs it: four fields for most calls, the rest has defaults."""

    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip
    contract_number = forms.CharField(
        label=_("Contract number"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip
    subject = forms.CharField(
        label=_("What it was about"), max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip
    notes = forms.CharField(
        label=_("What was said"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip
    result = forms.ChoiceField(
        label=_("Result"), choices=ContactMoment.Result.choices, widget=forms.RadioSelect,
        initial=ContactMoment.Result.ANSWERED,
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        label=_("Called back by, or sent to"), required=False, to_field_name="code",
        queryset=Department.objects.filter(active=True), empty_label=_("The centre"),
    )  # fmt: skip
    due_at = forms.DateTimeField(
        label=_("Call back until"), required=False,
        widget=forms.DateTimeInput(attrs={"type": _MOMENT}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    request = forms.ChoiceField(label=_("About the request"), required=False)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=ContactMoment.Channel.choices,
        initial=ContactMoment.Channel.PHONE,
    )  # fmt: skip
    direction = forms.ChoiceField(
        label=_("Direction"), choices=[("in", _("They called")), ("out", _("We called"))],
        initial="in", required=False,
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=[(code, _NAMES[code]) for code in LANGUAGES], initial="ar"
    )
    waited = forms.IntegerField(
        label=_("Waited (seconds)"), required=False, min_value=0, max_value=LONGEST_TALK
    )
    seconds = forms.IntegerField(
        label=_("Talked (seconds)"), required=False, min_value=0, max_value=LONGEST_TALK
    )
    form_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, customer: Customer | None = None, requests: list[Request] | None = None,
        **more: Any,
    ) -> None:  # fmt: skip
        """Offer the customer's requests, and what is known of them."""
        super().__init__(*args, **more)
        self.customer, self.requests = customer, {str(row.pk): row for row in requests or []}
        field = self.fields["request"]
        field.choices = [("", "—"), *((pk, row.letter.number) for pk, row in self.requests.items())]  # type: ignore[attr-defined]
        if customer is not None and not self.is_bound:
            self.initial = {**self.initial, **_known_of(customer)}

    def moment_data(self) -> MomentData:
        """Return the valid form as the rules take it; the page's clock is checked."""
        given = dict(self.cleaned_data)
        given["seconds"] = timed(given["seconds"], opened_at(given.pop("opened")))
        given["incoming"] = given.pop("direction") != "out"
        given["request"] = self.requests.get(given["request"])
        given["person"] = self.customer.person if self.customer else None
        return MomentData(**given)

    def refuse(self, error: BadContactError) -> None:
        """Show an error of the rules at its field."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


class TryForm(forms.Form):
    """How a call-back went."""

    reached = forms.ChoiceField(choices=[("yes", ""), ("no", ""), ("give_up", "")])
    tried = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    remark = forms.CharField(required=False, max_length=500)
    next_at = forms.DateTimeField(required=False)

    def try_data(self) -> TryData:
        """Return the valid form as the rules take it."""
        given = self.cleaned_data
        return TryData(
            reached=given["reached"] == "yes",
            tried=given["tried"],
            remark=given["remark"],
            next_at=given["next_at"],
            give_up=given["reached"] == "give_up",
        )
