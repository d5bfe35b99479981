"""The record of processing over the API, and who answers for personal data."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.privacy import officers
from eservices.privacy.models import Officer
from org.errors import BadOrganisationError
from org.models import Processing, User
from org.processing import LONGEST, kept_for, save_processing, written
from web.api.access import Administers, caller
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import PageShape, Shape, shown
from web.api.view import ApiView, checked, get_or_404, no_words, operation


class TextsOut(Shape):
    """A text in three languages; empty where there is none."""

    ar = serializers.CharField()
    fr = serializers.CharField()
    en = serializers.CharField()

    def to_representation(self, instance: Any) -> dict[str, str]:
        """Return the texts of the column."""
        return {code: str(instance.get(code, "")) for code in ("ar", "fr", "en")}


class ProcessingOut(Shape):
    """A processing of personal data. `kept_for`: retention in the caller's language."""

    code = serializers.CharField()
    ground = serializers.ChoiceField(Processing.Ground.choices)
    ground_text = serializers.CharField()
    purpose = TextsOut()
    people = TextsOut()
    data = TextsOut()  # type: ignore[assignment]
    recipients = TextsOut()
    retention = TextsOut()
    by_schedule = serializers.BooleanField(help_text="Kept as the schedule of retention says.")
    kept_for = serializers.CharField()
    measures = TextsOut()
    cndp = serializers.CharField(help_text="Number of the declaration; empty before.")
    cndp_on = serializers.DateField(allow_null=True)
    active = serializers.BooleanField()

    def show_kept_for(self, row: Processing) -> str:
        """Return how long its data are kept, in words."""
        return kept_for(row)


class RecordOut(PageShape):
    """The record of processing. `next_cursor` is empty on the last page."""

    rows = ProcessingOut(many=True)


class RecordAsked(Listed):
    """The wanted page of the record."""

    ORDERS = both_ways("id", "pk")


class TextsIn(Shape):
    """A text in three languages; a language that is not given stays as it is."""

    ar = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST)
    fr = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST)
    en = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST)


class ProcessingIn(Shape):
    """What is to stand in the record; what is not given stays as it is."""

    ground = serializers.ChoiceField(Processing.Ground.choices, required=False)
    ground_text = serializers.CharField(required=False, allow_blank=True, max_length=300)
    purpose = TextsIn(required=False)
    people = TextsIn(required=False)
    data = TextsIn(required=False)  # type: ignore[assignment]
    recipients = TextsIn(required=False)
    retention = TextsIn(required=False)
    measures = TextsIn(required=False)
    by_schedule = serializers.BooleanField(required=False)
    cndp = serializers.CharField(required=False, allow_blank=True, max_length=60)
    cndp_on = serializers.DateField(required=False, allow_null=True)
    active = serializers.BooleanField(required=False)


class RecordView(ApiView):
    """The record of processing."""

    permission_classes = [Administers]

    @lists("list_processing", RecordAsked, RecordOut, 403)
    def get(self, _request: Request, _given: Given) -> Rows:
        """List what personal data the office processes, why, on what ground and for how long."""
        return Processing.objects.all()


class ProcessingView(ApiView):
    """A row of the record of processing."""

    permission_classes = [Administers]

    @operation("read_processing", ProcessingOut, 403, 404)
    def get(self, _request: Request, code: str) -> Response:
        """Read a row of the record."""
        return shown(ProcessingOut, get_or_404(Processing.objects.filter(code=code)))

    @operation("keep_processing", ProcessingOut, 400, 403, takes=ProcessingIn)
    def put(self, request: Request, code: str) -> Response:
        """Add a row to the record, or change the one of this code; both stand in its history."""
        given = checked(ProcessingIn, request)
        code = code.lower()  # as it is kept
        held = Processing.objects.filter(code=code).first()
        values: dict[str, Any] = written(held) if held else {}
        for name, value in given.items():
            if isinstance(value, dict):
                values |= {f"{name}_{language}": text for language, text in value.items()}
            else:
                values[name] = value
        try:
            save_processing({**values, "code": code}, actor=caller(request), row=held)
        except BadOrganisationError as error:
            raise ValidationError(error.problems) from error
        return shown(ProcessingOut, Processing.objects.get(code=code))


class OfficerOut(Shape):
    """A clerk who answers for personal data, by user name."""

    person = serializers.CharField(source="person.username")
    appointed_at = serializers.DateTimeField()


class OfficersOut(PageShape):
    """Who answers for personal data besides the director."""

    officers = OfficerOut(source="rows", many=True)


class OfficersAsked(Listed):
    """The wanted page of them."""

    ORDERS = both_ways("id", "pk")


class OfficersView(ApiView):
    """Those who answer for personal data."""

    permission_classes = [Administers]

    @lists("list_data_officers", OfficersAsked, OfficersOut, 403)
    def get(self, _request: Request, _given: Given) -> Rows:
        """List the clerks who are appointed now."""
        return Officer.objects.filter(ended_at=None).select_related("person")


class OfficerView(ApiView):
    """A clerk who answers for personal data, or is to."""

    permission_classes = [Administers]

    @operation("appoint_data_officer", OfficerOut, 403, 404, 409, takes=None)
    def put(self, request: Request, username: str) -> Response:
        """Appoint a clerk to answer for personal data."""
        no_words(request)
        person = get_or_404(User.objects.filter(username=username))
        return shown(OfficerOut, officers.appoint(person, actor=caller(request)))

    @operation("end_data_officer", None, 403, 404, 409, status=204)
    def delete(self, request: Request, username: str) -> Response:
        """End the appointment; it stays on record."""
        no_words(request)
        officers.end(get_or_404(User.objects.filter(username=username)), actor=caller(request))
        return Response(status=204)
