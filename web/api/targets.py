"""Targets of the figures over the API: read by all people of the office, set by administrators."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from figures.models import Target
from figures.targets import MOST_DAYS, save_target
from org.errors import BadOrganisationError
from org.models import User
from web.api.access import ReadsOrganisation, caller
from web.api.organisation import ListAsked, in_use
from web.api.shape import PageShape, Shape, shown
from web.api.view import ApiView, checked, operation, validated_query
from web.shared.paging import page_of


class TargetOut(Shape):
    """A target. Null department or kind: of all. `value` is per cent for in_term, else days."""

    measure = serializers.ChoiceField(choices=Target.Measure.choices)
    department = serializers.CharField(source="department.code", allow_null=True)
    kind = serializers.CharField(source="kind.code", allow_null=True)
    value = serializers.IntegerField()
    active = serializers.BooleanField()


class TargetsOut(PageShape):
    """Targets, the oldest first. `next_cursor` is empty on the last page."""

    targets = TargetOut(source="rows", many=True)


class TargetIn(Shape):
    """A target to set; one of the same measure, department and kind is changed."""

    measure = serializers.ChoiceField(choices=Target.Measure.choices)
    department = serializers.CharField(required=False, allow_blank=True, max_length=12)
    kind = serializers.CharField(required=False, allow_blank=True, max_length=40)
    value = serializers.IntegerField(min_value=0, max_value=MOST_DAYS)
    active = serializers.BooleanField(required=False, default=True)


class TargetsView(ApiView):
    """Targets."""

    permission_classes = [ReadsOrganisation]

    @operation("list_targets", TargetsOut, 400, 403, asks=[ListAsked])
    def get(self, request: Request) -> Response:
        """List the targets of the figures."""
        given = validated_query(ListAsked, request)
        rows = in_use(Target.objects.select_related("department", "kind"), given)
        cursor, limit = given.get("cursor", ""), given["limit"]
        page = page_of(rows, order=["pk"], cursor=cursor, limit=limit, or_last=False)
        return shown(TargetsOut, page)

    @operation("set_target", TargetOut, 400, 403, takes=TargetIn)
    def put(self, request: Request) -> Response:
        """Set a target, or change the one of the same figure. For administrators."""
        if caller(request).duty != User.Duty.ADMINISTRATOR:
            raise PermissionDenied
        given: dict[str, Any] = checked(TargetIn, request)
        try:
            row, _outcome = save_target(given, actor=caller(request))
        except BadOrganisationError as error:
            raise ValidationError(error.problems) from error
        return shown(TargetOut, row)
