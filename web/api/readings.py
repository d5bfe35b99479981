"""Readings of meters over the API: listed, shown, written down, decided one by one or at once."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from eservices.contracts.models import Contract
from eservices.readings import access, deciding, words
from eservices.readings.entering import (
    ASKED,
    MOST_FIGURES,
    SOURCES,
    Entry,
    enter,
    is_contact,
    odd_about,
)
from eservices.readings.matching import match_meter, meter_of_serial
from eservices.readings.models import Reading, ReadingEvent
from language.reach import number_key
from org.models import User
from org.people import permissions_of
from routing.acting.errors import NotAllowedError
from web.api.access import caller
from web.api.listing import Listed, both_ways, listed
from web.api.shape import Shape, shown
from web.api.view import ApiView, checked, get_or_404, responses, told_file, validated_query
from web.shared.files import stored

_EVENTS = 200  # of a reading's history in one answer
REASONS = [(code, code) for code in words.REASONS]
_MOST_INDEX = 10**MOST_FIGURES - 1


class ReadsReadings(BasePermission):
    """Permission of those who see readings, as on the page."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller may, now."""
        user = request.user
        return isinstance(user, User) and user.is_active and access.reads(permissions_of(user))


class ReadingsAsked(Listed):
    """A page of readings, narrowed."""

    ORDERS = both_ways("-made_at", "-made_at", "-id")

    state = serializers.ChoiceField(Reading.State.choices, required=False)
    verdict = serializers.ChoiceField(Reading.Verdict.choices, required=False)
    period = serializers.CharField(required=False, max_length=7, help_text="As 2026-11.")
    sector = serializers.CharField(required=False, max_length=40)
    contract = serializers.CharField(required=False, max_length=60)


class FindingOut(Shape):
    """What the check says of a reading."""

    code = serializers.CharField()
    words = serializers.CharField()

    def show_words(self, finding: dict[str, Any]) -> str:
        """Return the finding in the caller's language."""
        return words.finding(finding)


class ReadingOut(Shape):
    """A reading. One of a meter that is not known has none: `claimed` is what was given."""

    id = serializers.UUIDField()
    contract = serializers.CharField(allow_null=True)
    meter = serializers.CharField(allow_null=True, help_text="Its serial number.")
    claimed = serializers.DictField(child=serializers.CharField())
    period = serializers.CharField()
    index = serializers.IntegerField()
    read_on = serializers.DateField()
    source = serializers.CharField(  # type: ignore[assignment]  # a field of that name
        help_text=", ".join(Reading.Source)
    )
    state = serializers.CharField(help_text=", ".join(Reading.State))
    verdict = serializers.CharField(help_text=f"{', '.join(Reading.Verdict)}, or empty.")
    checks = FindingOut(many=True)
    photo = serializers.BooleanField(help_text="Whether there is one, at `/photo`.")
    photo_index = serializers.CharField(help_text="What was read on it; empty where nothing was.")
    request = serializers.UUIDField(source="request_id", allow_null=True)
    reason = serializers.CharField(help_text="Why it was declined, in the customer's language.")
    made_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField(help_text="What billing answered.")
    result_reason = serializers.CharField()

    def show_contract(self, reading: Reading) -> str | None:
        """Return the contract's number."""
        return reading.contract.number if reading.contract else None

    def show_meter(self, reading: Reading) -> str | None:
        """Return the meter's serial number."""
        return reading.meter.serial if reading.meter else None

    def show_photo(self, reading: Reading) -> bool:
        """Return whether there is a photo."""
        return reading.photo_id is not None


class ReadingsOut(Shape):
    """Readings. `next_cursor` is empty on the last page."""

    readings = ReadingOut(source="rows", many=True)
    next_cursor = serializers.CharField()


class ReadingEventOut(Shape):
    """What was done with a reading."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    actor = serializers.CharField(allow_null=True, help_text="User name; null for a program.")

    def show_actor(self, event: ReadingEvent) -> str | None:
        """Return who did it."""
        return event.actor.username if event.actor else None


class WholeReadingOut(ReadingOut):
    """A reading with its history, the oldest first."""

    history = ReadingEventOut(many=True)

    def show_history(self, reading: Reading) -> list[ReadingEvent]:
        """Return what was done, 200 lines at most."""
        return list(reading.events.select_related("actor").order_by("pk")[:_EVENTS])


class ReadingIn(Shape):
    """A reading to write down for somebody; `name` is needed but for a team's.

    `confirmed`: the customer looked again; without it nothing is kept of what is not plausible.
    """

    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of that name
        [(one.value, one.label) for one in SOURCES]
    )
    contract = serializers.CharField(max_length=40)
    serial = serializers.CharField(required=False, max_length=40, allow_blank=True, default="")
    index = serializers.IntegerField(min_value=0, max_value=_MOST_INDEX)
    read_on = serializers.DateField()
    name = serializers.CharField(required=False, max_length=200, allow_blank=True, default="")
    contact = serializers.CharField(required=False, max_length=254, allow_blank=True, default="")
    confirmed = serializers.BooleanField(required=False, default=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Refuse days ahead, contacts that are none, and requests without a name."""
        wrong: dict[str, list[str]] = {}
        if given["read_on"] > timezone.localdate():
            wrong["read_on"] = [_("This day is still to come.")]
        if given["contact"] and not is_contact(given["contact"]):
            wrong["contact"] = [_("Give an e-mail address or a phone number.")]
        if given["source"] in ASKED and not given["name"]:
            wrong["name"] = [_("A request needs the name of who asks.")]
        if wrong:
            raise ValidationError(wrong)
        return given


class ApproveIn(Shape):
    """`index` in place of the one given, where the photo shows another."""

    index = serializers.IntegerField(required=False, min_value=0, max_value=_MOST_INDEX)


class DeclineIn(Shape):
    """Why; `text` is needed for `other`. The customer reads it."""

    reason = serializers.ChoiceField(REASONS)
    text = serializers.CharField(required=False, max_length=300, allow_blank=True, default="")


class MeterReadIn(Shape):
    """The meter that was read."""

    serial = serializers.CharField(max_length=40)


class DecisionsIn(Shape):
    """Several readings, and what is decided of each."""

    readings = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=deciding.MOST
    )
    decision = serializers.ChoiceField(["approve", "decline"])
    reason = serializers.ChoiceField(REASONS, required=False)
    text = serializers.CharField(required=False, max_length=300, allow_blank=True, default="")


class NotDecidedOut(Shape):
    """A reading that was not decided, and why."""

    id = serializers.UUIDField()
    problem = serializers.CharField()


class DecisionsOut(Shape):
    """How many were decided, and those that were not."""

    done = serializers.IntegerField()
    problems = NotDecidedOut(many=True)


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

    @extend_schema(
        operation_id="list_readings",
        parameters=[ReadingsAsked],
        responses=responses(ReadingsOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List readings, the latest first."""
        given = validated_query(ReadingsAsked, request)
        named = ("state", "verdict", "period", "sector")
        rows = access.listed(**{name: given[name] for name in named if name in given})
        if "contract" in given:
            key = number_key(given["contract"])
            rows = rows.filter(contract__in=Contract.objects.filter(number_key=key).values("pk"))
        return shown(ReadingsOut, listed(_rows(rows), ReadingsAsked, given))

    @extend_schema(
        operation_id="enter_reading",
        request=ReadingIn,
        responses=responses(WholeReadingOut, 400, 403, 409, 422, status=201),
    )
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

    @extend_schema(operation_id="get_reading_photo", responses=told_file("image/jpeg", "image/png"))
    def get(self, _request: Request, reading_id: UUID) -> HttpResponseBase:
        """Return the photo as it was sent."""
        row = get_or_404(Reading.objects.select_related("photo").filter(pk=reading_id))
        if row.photo is None:
            raise NotFound
        return stored(row.photo, row.photo.media_type, name=f"meter-{row.read_on}")


class ReadingDecisionsView(ApiView):
    """Decisions on several readings."""

    permission_classes = [IsAuthenticated, ReadsReadings]

    @extend_schema(
        operation_id="decide_readings",
        request=DecisionsIn,
        responses=responses(DecisionsOut, 400, 403),
    )
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
