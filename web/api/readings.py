"""Readings of meters over the API: listed, shown, written down, decided one by one or at once."""

from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.contracts.models import Contract
from eservices.readings import access, deciding
from eservices.readings.entering import (
    Entry,
    enter,
    odd_about,
)
from eservices.readings.matching import match_meter, meter_of_serial
from eservices.readings.models import Reading
from language.reach import number_key
from org.models import User
from org.people import permissions_of
from routing.acting.errors import NotAllowedError
from web.api.access import caller, permitted
from web.api.listing import Given, Rows, lists
from web.api.reading_shapes import (
    DecisionsIn,
    DecisionsOut,
    ReadingIn,
    ReadingsAsked,
    ReadingsOut,
    WholeReadingOut,
)
from web.api.shape import shown
from web.api.view import ApiView, checked, file_answer, get_or_404, operation
from web.shared.files import stored

ReadsReadings: Final = permitted(access.reads)  # as on the page


def found_reading(viewer: User, reading_id: UUID) -> Reading:
    """Return the reading. Raise Http404 where it is not there, or not the viewer's to see."""
    return get_or_404(_rows(access.seen_by(viewer)).filter(pk=reading_id))


def reading_anew(viewer: User, reading: Reading) -> Reading:
    """Return the reading as it is now."""
    return found_reading(viewer, reading.pk)


def approve(reading: Reading, *, actor: User, index: int | None = None) -> None:
    """Approve it. Raise NotAllowedError, ConflictError."""
    deciding.approve(reading.pk, actor=actor, index=index)


def decline(reading: Reading, *, actor: User, reason: str, text: str) -> None:
    """Decline it; the customer is told why. Raise NotAllowedError, ConflictError."""
    deciding.decline(reading.pk, actor=actor, reason=reason, text=text)


def assign(reading: Reading, *, actor: User, serial: str) -> None:
    """Say which meter was read. Raise NotAllowedError, ConflictError."""
    meter = meter_of_serial(serial)
    if meter is None:
        raise NotAllowedError(_("There is no meter with this serial number."))
    deciding.assign(reading.pk, meter, actor=actor)


def _rows(rows: "QuerySet[Reading]") -> "QuerySet[Reading]":
    return rows.select_related("meter", "contract")


class ReadingsView(ApiView):
    """Readings."""

    permission_classes = [IsAuthenticated, ReadsReadings]

    @lists("list_readings", ReadingsAsked, ReadingsOut, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List readings, the latest first."""
        named = ("state", "verdict", "period", "sector")
        rows = access.listed(**{name: given[name] for name in named if name in given})
        if "contract" in given:
            key = number_key(given["contract"])
            rows = rows.filter(contract__in=Contract.objects.filter(number_key=key).values("pk"))
        return _rows(rows)

    @operation("enter_reading", WholeReadingOut, 400, 403, 409, 422, takes=ReadingIn, status=201)
    def post(self, request: Request) -> Response:
        """Write a reading down for somebody.

        One by telephone or at the counter is a registered request. 409 where the meter was read
        for the period; 400 about `confirmed`, with the reasons, where it is not plausible.
        """
        actor = caller(request)
        if not access.enters(permissions_of(actor)):
            raise PermissionDenied
        given = checked(ReadingIn, request)
        confirmed = given.pop("confirmed")
        contract, serial = given.pop("contract"), given.pop("serial")
        match = match_meter(contract, serial=serial, trusted=True)
        if match.meter is None:
            words_ = _("No meter in use fits. Give contract and serial number.")
            raise ValidationError({"serial": [words_]})
        entry = Entry(**given)
        if not confirmed and (odd := odd_about(match, entry)):
            raise ValidationError({"confirmed": odd})
        language = (get_language() or "fr")[:2]
        reading, _number = enter(match, entry, actor=actor, language=language)
        return shown(WholeReadingOut, found_reading(actor, reading.pk), status=201)


class ReadingPhotoView(ApiView):
    """The photo of a reading."""

    permission_classes = [IsAuthenticated, ReadsReadings]

    @operation("get_reading_photo", file_answer("image/jpeg", "image/png"))
    def get(self, request: Request, reading_id: UUID) -> HttpResponseBase:
        """Return the photo as it was sent."""
        seen = access.seen_by(caller(request)).select_related("photo")
        row = get_or_404(seen.filter(pk=reading_id))
        if row.photo is None:
            raise NotFound
        return stored(row.photo, row.photo.media_type, name=f"meter-{row.read_on}")


class ReadingDecisionsView(ApiView):
    """Decisions on several readings."""

    permission_classes = [IsAuthenticated, ReadsReadings]

    @operation("decide_readings", DecisionsOut, 400, 403, takes=DecisionsIn)
    def post(self, request: Request) -> Response:
        """Approve or decline up to 200, each for itself: one that cannot be stops no other."""
        actor = caller(request)
        if not deciding.decides(permissions_of(actor)):
            raise PermissionDenied
        given = checked(DecisionsIn, request)
        decided = deciding.decide_many(
            given["readings"],
            actor=actor,
            approves=given["decision"] == "approve",
            reason=given.get("reason", ""),
            text=given["text"],
        )
        problems = [{"id": pk, "problem": said} for pk, said in decided.problems.items()]
        return shown(DecisionsOut, {"done": decided.done, "problems": problems})
