"""The form of a reading: which meter, what it shows, since when, who sends it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.contracts.models import Meter, Service
from web.portal.forms import new_key
from web.shared.reading_fields import ReadingFields
from web.shared.widgets import Day

_LTR = {"dir": "ltr"}


class ReadingForm(ReadingFields):
    """A reading. With `meter`, or one of `own` chosen, nobody types its numbers."""

    most_days = 30
    meter = forms.ChoiceField(label=gettext_lazy("Meter"), required=False, widget=forms.RadioSelect)
    contract = forms.CharField(
        label=gettext_lazy("Contract number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(_LTR),
    )
    serial = forms.CharField(
        label=gettext_lazy("Serial number of the meter"),
        max_length=40,
        required=False,
        widget=forms.TextInput({**_LTR, "autocomplete": "off"}),
    )
    energy = forms.ChoiceField(
        label=gettext_lazy("What does it measure?"),
        required=False,
        choices=[(s.value, s.label) for s in (Service.WATER, Service.ELECTRICITY)],
        widget=forms.RadioSelect,
    )
    index = forms.CharField(
        label=gettext_lazy("Figures on the meter"),
        max_length=20,
        widget=forms.TextInput({**_LTR, "inputmode": "numeric", "autocomplete": "off"}),
    )
    read_on = forms.DateField(label=gettext_lazy("Read on"), widget=Day)
    name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=gettext_lazy("E-mail address or phone number"),
        max_length=254,
        required=False,
        widget=forms.TextInput({**_LTR, "autocomplete": "email"}),
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("I looked again: the figures are right."), required=False
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

    def clean(self) -> dict[str, Any]:
        """Require the numbers where no meter is chosen."""
        given = super().clean() or self.cleaned_data
        if self.chosen is None:
            for name in ("contract", "serial", "energy"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Answer this question."))
        return given

    @property
    def chosen(self) -> Meter | None:
        """The meter that is fixed, or chosen among one's own."""
        return self.fixed or self.own.get(str(self.cleaned_data.get("meter") or ""))


def _label(meter: Meter) -> str:
    return f"{Service(meter.service).label} · {meter.serial} · {meter.contract.number}"
