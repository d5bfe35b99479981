"""Formats of the office's numbers over the API, and whether a number is one of ours."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.book.number_formats import try_number
from registry.models.number_formats import KnownFormat
from web.api.listing import both_ways
from web.api.organisation import ListAsked, OrganisationView
from web.api.shape import Shape
from web.api.view import responses, validated_query


class FormatsAsked(ListAsked):
    """A page of formats; `inactive` shows retired ones too."""

    ORDERS = both_ways("pattern", "pattern")


class NumberAsked(Shape):
    """A number as somebody wrote it."""

    number = serializers.CharField(max_length=100)


class FormatOut(Shape):
    """A format of numbers: parts in braces, all else as it stands."""

    pattern = serializers.CharField()
    desk = serializers.CharField(help_text="Whose numbers these are.")
    active = serializers.BooleanField()


class FormatsOut(Shape):
    """Formats by pattern. `next_cursor` is empty on the last page."""

    number_formats = FormatOut(many=True)
    next_cursor = serializers.CharField()


class NumberOut(Shape):
    """Whether a number is ours; `value` as its format writes it, `pattern` the format."""

    ours = serializers.BooleanField()
    value = serializers.CharField()
    pattern = serializers.CharField()


class NumberFormatsView(OrganisationView):
    """Formats of numbers."""

    asked = FormatsAsked

    @extend_schema(
        operation_id="list_number_formats",
        parameters=[FormatsAsked],
        responses=responses(FormatsOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List the formats of the office's numbers besides its registers'."""
        given = validated_query(FormatsAsked, request)
        rows = KnownFormat.objects.all()
        rows = rows if given["inactive"] else rows.filter(active=True)
        return self.answer(rows, given, name="number_formats")

    def shown(self, row: KnownFormat) -> dict[str, Any]:
        """Return a format as plain values."""
        return {"pattern": row.pattern, "desk": row.desk, "active": row.active}


class NumberTrialView(OrganisationView):
    """Whether a number is one of the office's."""

    @extend_schema(
        operation_id="try_number",
        parameters=[NumberAsked],
        responses=responses(NumberOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """Say whether a number is one of ours, in any digits and either order."""
        found = try_number(validated_query(NumberAsked, request)["number"])
        value, pattern = (found.value, found.format.pattern) if found else ("", "")
        return Response({"ours": found is not None, "value": value, "pattern": pattern})
