"""Formats of the office's numbers over the API, and whether a number is one of ours."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.book.number_formats import try_number
from registry.models.number_formats import KnownFormat
from web.api.listing import Given, Rows, both_ways, lists
from web.api.organisation import ListAsked, OrganisationView, in_use
from web.api.shape import PageShape, Shape
from web.api.view import operation, validated_query


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


class FormatsOut(PageShape):
    """Formats by pattern. `next_cursor` is empty on the last page."""

    number_formats = FormatOut(source="rows", many=True)


class NumberOut(Shape):
    """Whether a number is ours; `value` as its format writes it, `pattern` the format."""

    ours = serializers.BooleanField()
    value = serializers.CharField()
    pattern = serializers.CharField()


class NumberFormatsView(OrganisationView):
    """Formats of numbers."""

    @lists("list_number_formats", FormatsAsked, FormatsOut, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List the formats of the office's numbers besides its registers'."""
        return in_use(KnownFormat.objects.all(), given)


class NumberTrialView(OrganisationView):
    """Whether a number is one of the office's."""

    @operation("try_number", NumberOut, 400, 403, asks=[NumberAsked])
    def get(self, request: Request) -> Response:
        """Say whether a number is one of ours, in any digits and either order."""
        found = try_number(validated_query(NumberAsked, request)["number"])
        value, pattern = (found.value, found.format.pattern) if found else ("", "")
        return Response({"ours": found is not None, "value": value, "pattern": pattern})
