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

from eservices.catalogue.answers import check_answers
from eservices.catalogue.publishing import published
from eservices.readings import words
from eservices.readings.history import facts_of, last_known
from eservices.readings.matching import SERVICE, Match, match_meter
from eservices.readings.models import Reading
from eservices.readings.plausibility import PLAUSIBLE, judge
from eservices.readings.taking import AlreadyReadError, Given, reading_of, take_reading
from eservices.requests.opening import open_request
from registry.intake import PartyData
from registry.models.letters import Channel
from registry.refusals import DepositRefusedError
from routing.acting.errors import NotAllowedError
from web.desk.forms import Day
from web.desk.guard import StaffRequest, form, redirect_after
from web.desk.readings.guard import enters_readings
from web.shared.reading_fields import ReadingFields

_LTR: Final = {"dir": "ltr", "autocomplete": "off"}
_CHANNELS: Final = {"phone": Channel.PHONE, "counter": Channel.COUNTER}


class EntryForm(ReadingFields):
    """What an agent writes down; the meter by its serial number, or by the contract."""

    source = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[
            (s.value, s.label)
            for s in (Reading.Source.PHONE, Reading.Source.COUNTER, Reading.Source.FIELD)
        ],
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
        """Ask a caller's name: the letter that is registered bears it."""
        given = super().clean() or self.cleaned_data
        if given.get("source") in _CHANNELS and not given.get("name"):
            self.add_error("name", _("A request needs the name of who asks."))
        return given


@form(enters_readings)
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
    if there := reading_of(match):
        filled.add_error("index", _("The meter was read for %(period)s already.") % vars(there))
        return _page(request, filled, match, status=422)
    odd = _odd(match, given)
    if odd and not given["confirmed"]:
        return _page(request, filled, match, odd=odd, status=422)
    return _kept(request, filled, match)


def _odd(match: Match, given: dict[str, Any]) -> list[str]:
    if match.meter is None:
        return []
    found = judge(facts_of(match.meter), index=given["index"], read_on=given["read_on"])
    return [] if found.verdict == PLAUSIBLE else [words.finding(one) for one in found.checks]


def _kept(request: StaffRequest, filled: EntryForm, match: Match) -> HttpResponse:
    given = filled.cleaned_data
    try:
        if given["source"] in _CHANNELS:
            number = _registered(request, given, match)
            words_ = _("The reading is registered: %(number)s.") % {"number": number}
        else:
            take_reading(
                match,
                Given(
                    given["index"], given["read_on"], given["source"], actor=request.user,
                    contact=given["contact"],
                ),
            )  # fmt: skip
            words_ = _("The reading is kept.")
    except AlreadyReadError as error:
        filled.add_error("index", str(error))
        return _page(request, filled, match, status=422)
    except DepositRefusedError as error:
        for refusal in error.refusals:
            filled.add_error(None, refusal.words())
        return _page(request, filled, match, status=422)
    messages.success(request, words_)
    return redirect_after(reverse("desk:new_reading"), request)


def _registered(request: StaffRequest, given: dict[str, Any], match: Match) -> str:
    """Open the request in the customer's name; the reading is made with it."""
    service, meter = published(SERVICE), match.meter
    if service is None or meter is None:
        raise NotAllowedError(_("Readings are not taken here at present."))
    answers = {
        "contract": meter.contract.number,
        "energy": meter.service,
        "serial": meter.serial,
        "index": given["index"],
        "read_on": given["read_on"].isoformat(),
    }
    language = meter.contract.language or (get_language() or "fr")[:2]
    checked = check_answers(service.definition, answers, language=language)
    contact = given["contact"]
    way = "email" if "@" in contact else "phone"
    opened = open_request(
        service.version,
        answers=checked.values,
        files=[],
        language=language,
        channel=_CHANNELS[given["source"]],
        contact=PartyData("sender", name=given["name"], **{way: contact}),
        actor=request.user,
    )
    return str(opened.request.letter.number)


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
