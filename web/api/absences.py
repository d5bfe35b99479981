"""Absences over the API: announcing, listing and ending them early."""

from django.db.models import Q
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from org.absences import AbsenceError, NotYoursError, people_of
from org.models import Absence
from registry.stand_ins import appoint, dismiss
from routing.acting.errors import NotAllowedError
from web.api.access import caller
from web.api.codes import no_such_code, person_by_name
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import PageShape, Shape, optional_text, shown
from web.api.view import (
    MOST_ROWS,
    ApiView,
    checked,
    get_or_404,
    no_words,
    operation,
)


class AbsenceIn(Shape):
    """Who is absent, from the first day to the last, and the delegate."""

    person = serializers.CharField(required=False, default="", help_text="The caller where empty.")
    delegate = serializers.CharField(help_text="User name.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    note = optional_text(200)


class AbsenceOut(Shape):
    """An absence; while it lasts the delegate acts with the person's roles."""

    id = serializers.IntegerField()
    person = serializers.CharField(source="person.username")
    delegate = serializers.CharField(source="delegate.username")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    note = serializers.CharField()
    made_by = serializers.CharField(source="made_by.username", help_text="Who appointed them.")
    ended_at = serializers.DateTimeField(allow_null=True)


class AbsencesAsked(Listed):
    """A page of absences."""

    ORDERS = both_ways("starts_on", "starts_on", "id")

    limit = serializers.IntegerField(
        required=False, default=MOST_ROWS, min_value=1, max_value=MOST_ROWS
    )


class AbsencesOut(PageShape):
    """Absences that are not over, the nearest first. `next_cursor` is empty on the last page."""

    absences = AbsenceOut(source="rows", many=True)


class AbsencesView(ApiView):
    """Absences."""

    @lists("list_absences", AbsencesAsked, AbsencesOut)
    def get(self, request: Request, _given: Given) -> Rows:
        """List the caller's absences, those of their people, and those they stand in for."""
        actor = caller(request)
        return Absence.objects.filter(
            Q(person__in=people_of(actor)) | Q(delegate=actor),
            ends_on__gte=timezone.localdate(),
            ended_at__isnull=True,
        ).select_related("person", "delegate", "made_by")

    @operation("announce_absence", AbsenceOut, 400, 403, takes=AbsenceIn, status=201)
    def post(self, request: Request) -> Response:
        """Announce an absence."""
        actor = caller(request)
        given = dict(checked(AbsenceIn, request))
        person = person_by_name(given.pop("person")) or actor
        name = given.pop("delegate")
        if (delegate := person_by_name(name)) is None:
            raise no_such_code("delegate", name)
        try:
            row = appoint(person, delegate=delegate, actor=actor, **given)
        except NotYoursError as error:
            raise NotAllowedError(str(error)) from error
        except AbsenceError as error:
            raise ValidationError({"delegate": [str(error)]}) from error
        return shown(AbsenceOut, row, status=201)


class EndAbsenceView(ApiView):
    """End of an absence."""

    @operation("end_absence", AbsenceOut, 400, 403, 404, takes=None)
    def post(self, request: Request, absence_id: int) -> Response:
        """End an absence: from now on there is no delegate."""
        no_words(request)
        actor = caller(request)
        rows = Absence.objects.select_related("person", "delegate", "made_by")
        row = get_or_404(rows.filter(pk=absence_id, person__in=people_of(actor)))
        try:
            dismiss(row, actor=actor)
        except AbsenceError as error:
            raise NotAllowedError(str(error)) from error
        return shown(AbsenceOut, row)
