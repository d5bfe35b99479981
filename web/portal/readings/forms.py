"""The form of a reading: which meter, what it shows, since when, who sends it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from eservices.contracts.models import Meter, Service
from language.numerals import ascii_digits
from language.reach import email_key, phone_key
from web.portal.forms import new_key

MOST_DAYS = 30
_LTR = {"dir": "ltr"}


class ReadingForm(forms.Form):
    """A reading. With `meter`, or one of `own` chosen, nobody types its numbers."""

    meter = forms.ChoiceField(label=_("Meter"), required=False, widget=forms.RadioSelect)
    contract = forms.CharField(
        label=_("Contract number"), max_length=40, required=False, widget=forms.TextInput(_LTR)
    )
    serial = forms.CharField(
        label=_("Serial number of the meter"),
        max_length=40,
        required=False,
        widget=forms.TextInput({**_LTR, "autocomplete": "off"}),
    )
    energy = forms.ChoiceField(
        label=_("What does it measure?"),
        required=False,
        choices=[(s.value, s.label) for s in (Service.WATER, Service.ELECTRICITY)],
        widget=forms.RadioSelect,
    )
    index = forms.CharField(
        label=_("Figures on the meter"),
        max_length=20,
        widget=forms.TextInput({**_LTR, "inputmode": "numeric", "autocomplete": "off"}),
    )
    read_on = forms.DateField(
        label=_("Read on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    name = forms.CharField(
        label=_("Full name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"})
    )
    contact = forms.CharField(
        label=_("E-mail address or phone number"),
        max_length=254,
        required=False,
        widget=forms.TextInput({**_LTR, "autocomplete": "email"}),
    )
    confirmed = forms.BooleanField(
        label=_("I looked again: the figures are right."), required=False
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, own: list[Meter], fixed: Meter | None = None, **more: Any):
        super().__init__(*args, **more)
        self.own = {str(meter.pk): meter for meter in own}
        self.fixed = fixed
        chosen: Any = self.fields["meter"]
        chosen.choices = [(key, _label(meter)) for key, meter in self.own.items()]
        chosen.choices += [("", _("Another meter"))]
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    def initial_key(self) -> str:
        """Return the key that makes one reading of a form that is sent twice."""
        return str(self.data.get("key", ""))[:64] if self.is_bound else new_key()

    def clean_index(self) -> int:
        """Return the whole number; what stands behind a comma is no part of it."""
        text = ascii_digits(self.cleaned_data["index"]).replace(" ", "")
        if not text.isdecimal() or len(text) > 12:
            words = _t("Give the whole number of the meter, without the digits behind the comma.")
            raise ValidationError(words)
        return int(text)

    def clean_read_on(self) -> Any:
        """Refuse days ahead, and long ago."""
        day, today = self.cleaned_data["read_on"], timezone.localdate()
        if day > today:
            raise ValidationError(_t("This day is still to come."))
        if (today - day).days > MOST_DAYS:
            raise ValidationError(_t("Read the meter again: this is long ago."))
        return day

    def clean_contact(self) -> str:
        """Return the address or number."""
        given = str(self.cleaned_data["contact"]).strip()
        if given and not (email_key(given) if "@" in given else phone_key(given)):
            raise ValidationError(_t("Give an e-mail address or a phone number."))
        return given

    def clean(self) -> dict[str, Any]:
        """Ask for the numbers where no meter is chosen."""
        given = super().clean() or self.cleaned_data
        if self.chosen is None:
            for name in ("contract", "serial", "energy"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _t("Answer this question."))
        return given

    @property
    def chosen(self) -> Meter | None:
        """The meter that is fixed, or chosen among one's own."""
        return self.fixed or self.own.get(str(self.cleaned_data.get("meter") or ""))


def _label(meter: Meter) -> str:
    return f"{Service(meter.service).label} · {meter.serial} · {meter.contract.number}"
