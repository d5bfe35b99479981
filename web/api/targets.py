"""Targets of the figures over the API: read by all people of the office, set by administrators."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from figures.models import Target
from figures.targets import MOST_DAYS, save_target
from org.errors import BadOrganisationError
from org.models import User
from web.api.access import ReadsOrganisation, caller
from web.api.organisation import ListAsked
from web.api.shape import Shape, shown
from web.api.view import ApiView, checked, responses, validated_query
from web.shared.paging import page_of


class TargetOut(Shape):
    """A target. Null department or kind: of all. `value` is per cent for in_term, else days."""

    measure = serializers.ChoiceField(choices=Target.Measure.choices)
    department = serializers.CharField(allow_null=True)
    kind = serializers.CharField(allow_null=True)
    value = serializers.IntegerField()
    active = serializers.BooleanField()

    def show_department(self, row: Target) -> str | None:
        """Return the department's code."""
        return row.department.code if row.department else None

    def show_kind(self, row: Target) -> str | None:
        """Return the kind's code."""
        return row.kind.code if row.kind else None


class TargetsOut(Shape):
    """Targets, the oldest first. `next_cursor` is empty on the last page."""

    targets = TargetOut(many=True)
    next_cursor = serializers.CharField()


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

    @extend_schema(
        operation_id="list_targets",
        parameters=[ListAsked],
        responses=responses(TargetsOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List the targets of the figures."""
        given = validated_query(ListAsked, request)
        rows = Target.objects.select_related("department", "kind")
        rows = rows if given["inactive"] else rows.filter(active=True)
        page = page_of(rows, order=["pk"], cursor=given.get("cursor", ""), limit=given["limit"])
        return shown(TargetsOut, {"targets": page.rows, "next_cursor": page.next_cursor})

    @extend_schema(
        operation_id="set_target",
        request=TargetIn,
        responses=responses(TargetOut, 400, 403),
    )
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
