"""One reading: what was given and found, its photo, history, and the decision on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.readings import deciding, words
from eservices.readings.access import reads
from eservices.readings.chart import use_chart
from eservices.readings.history import last_known
from eservices.readings.matching import meter_of_serial
from eservices.readings.models import Reading
from language.numerals import ascii_digits
from org.people import permissions_of
from registry.access import readable_among
from web.desk.readings.listed import line_of
from web.shared.files import SHOWN, stored
from web.shared.guard import StaffRequest, page, redirect_after, verb


@page(reads)
def show(request: StaffRequest, reading_id: UUID) -> HttpResponse:
    """Show a reading."""
    row = _reading(reading_id)
    events = row.events.select_related("actor").order_by("pk")[:200]
    letter = row.request.letter if row.request else None
    context: dict[str, Any] = {
        "line": line_of(row),
        "row": row,
        "last": last_known(row.meter) if row.meter else None,
        "history": [(one, str(words.EVENTS.get(one.kind, one.kind))) for one in events],
        "letter": letter if letter and readable_among([letter.pk], request.user) else None,
        "reasons": [(code, str(said)) for code, said in words.REASONS.items()],
        "decides": deciding.decides(permissions_of(request.user)),
        "picture": use_chart(row.meter) if row.meter else None,
    }
    return render(request, "web/readings/reading.html", context)


@verb(deciding.decides)
def decide(request: StaffRequest, reading_id: UUID) -> HttpResponseBase:
    """Approve, perhaps with the index of the photo; decline; or say which meter was read."""
    given, actor = request.POST, request.user
    _reading(reading_id)
    do = given.get("do", "")
    if do == "approve":
        deciding.approve(reading_id, actor=actor, index=_index(given.get("index", "")))
        messages.success(request, _("The reading is approved."))
    elif do == "decline":
        reason, text = given.get("reason", ""), given.get("text", "")
        deciding.decline(reading_id, actor=actor, reason=reason, text=text)
        messages.success(request, _("The reading is declined; the customer is told why."))
    elif do == "assign":
        meter = meter_of_serial(given.get("serial", ""))
        if meter is None:
            messages.error(request, _("There is no meter with this serial number."))
        else:
            deciding.assign(reading_id, meter, actor=actor)
            messages.success(request, _("The reading goes with this meter; it is checked now."))
    return redirect_after(reverse("desk:reading_page", args=[reading_id]), request)


@page(reads)
def photo(request: StaffRequest, reading_id: UUID) -> HttpResponseBase:
    """Send the photo of a reading."""
    row = _reading(reading_id)
    if row.photo is None:
        raise Http404
    kind = row.photo.media_type
    name = f"{row.meter.serial if row.meter else 'meter'}-{row.read_on}"
    return stored(row.photo, kind, name=name, inline=kind in SHOWN)


def _reading(reading_id: UUID) -> Reading:
    rows = Reading.objects.select_related(
        "meter__contract", "contract", "photo", "request__letter", "decided_by", "made_by"
    )
    return get_object_or_404(rows, pk=reading_id)


def _index(text: str) -> int | None:
    plain = ascii_digits(text).strip()
    return int(plain) if plain.isdecimal() and len(plain) <= 12 else None
