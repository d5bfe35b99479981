"""A reading written down for somebody: on the telephone, at the counter, or read by a team."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from eservices.readings.access import enters
from eservices.readings.entering import (
    ASKED,
    SOURCES,
    Entry,
    enter,
    odd_about,
)
from eservices.readings.history import last_known
from eservices.readings.matching import Match, match_meter
from eservices.readings.taking import AlreadyReadError, reading_of
from registry.refusals import DepositRefusedError
from web.retry_later import later_where_it_passes
from web.shared.guard import StaffRequest, form, redirect_after
from web.shared.reading_fields import ReadingFields
from web.shared.widgets import Day

_LTR: Final = {"dir": "ltr", "autocomplete": "off"}
_ENTERED: Final = ("source", "index", "read_on", "name", "contact")


class EntryForm(ReadingFields):
    """What an agent writes down; the meter by its serial number, or by the contract."""

    source = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(one.value, one.label) for one in SOURCES],
    )
    contract = forms.CharField(
        label=gettext_lazy("Contract number"), max_length=40, widget=forms.TextInput(_LTR)
    )
    serial = forms.CharField(
        label=gettext_lazy("Serial number of the meter"), max_length=40, required=False,
        widget=forms.TextInput(_LTR),
    )  # fmt: skip
    index = forms.CharField(
        label=gettext_lazy("Index"), max_length=20,
        widget=forms.TextInput({**_LTR, "inputmode": "numeric"}),
    )  # fmt: skip
    read_on = forms.DateField(label=gettext_lazy("Read on"), widget=Day)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    contact = forms.CharField(
        label=gettext_lazy("E-mail address or phone number"), max_length=254, required=False,
        widget=forms.TextInput({"dir": "ltr"}),
    )  # fmt: skip
    confirmed = forms.BooleanField(
        label=gettext_lazy("The customer looked again: the figures are right."), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Require a caller's name: the letter that is registered bears it."""
        given = super().clean() or self.cleaned_data
        if given.get("source") in ASKED and not given.get("name"):
            self.add_error("name", _("A request needs the name of who asks."))
        return given


@form(enters)
def new(request: StaffRequest) -> HttpResponse:
    """Write a reading down; what is odd is said before it is kept."""
    if request.method != "POST":
        start = {"source": "phone", "read_on": timezone.localdate()}
        start |= {name: request.GET.get(name, "")[:40] for name in ("contract", "serial")}
        return _page(request, EntryForm(initial=start))
    filled = EntryForm(request.POST)
    if not filled.is_valid():
        return _page(request, filled, status=422)
    given = filled.cleaned_data
    match = match_meter(given["contract"], serial=given["serial"], trusted=True)
    if match.meter is None:
        filled.add_error("serial", _("No meter in use fits. Give contract and serial number."))
        return _page(request, filled, status=422)
    if there := reading_of(match, source=given["source"], read_on=given["read_on"]):
        filled.add_error("index", _("The meter was read for %(period)s already.") % vars(there))
        return _page(request, filled, match, status=422)
    entry = Entry(**{name: given[name] for name in _ENTERED})
    odd = odd_about(match, entry)
    if odd and not given["confirmed"]:
        return _page(request, filled, match, odd=odd, status=422)
    return _kept(request, filled, match, entry)


def _kept(request: StaffRequest, filled: EntryForm, match: Match, entry: Entry) -> HttpResponse:
    language = (get_language() or "fr")[:2]
    try:
        _reading, number = enter(match, entry, actor=request.user, language=language)
    except AlreadyReadError as error:
        filled.add_error("index", str(error))
        return _page(request, filled, match, status=422)
    except DepositRefusedError as error:
        for refusal in error.refusals:
            filled.add_error(None, refusal.words())
        page = _page(request, filled, match, status=422)
        return later_where_it_passes(page, error.refusals)
    said = _("The reading is registered: %(number)s.") if number else _("The reading is kept.")
    messages.success(request, said % {"number": number} if number else said)
    return redirect_after(reverse("desk:new_reading"), request)


def _page(
    request: StaffRequest, filled: EntryForm, match: Match | None = None, *,
    odd: list[str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    meter = match.meter if match else None
    context = {
        "form": filled,
        "meter": meter,
        "last": last_known(meter) if meter else None,
        "odd": odd or [],
        "tab": "new",
    }
    return render(request, "web/readings/new.html", context, status=status)
