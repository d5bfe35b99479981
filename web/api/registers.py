"""Registers over the API: as they are today, and what they will be."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.book.beginning import first_numbers
from registry.book.versions import FACE, faces_on, upcoming
from registry.models.registers import Register
from web.api.listing import listed
from web.api.organisation import ListAsked, NamesOut, OrganisationView
from web.api.shape import PageShape, Shape, shown
from web.api.view import operation, validated_query


class RegisterVersionOut(Shape):
    """What a register is from a day to come on."""

    valid_from = serializers.DateField()
    name_ar = serializers.CharField()
    name_fr = serializers.CharField()
    name_en = serializers.CharField()
    pattern = serializers.CharField()


class RegisterOut(NamesOut):
    """A register."""

    direction = serializers.CharField(help_text="in, out, internal or minutes.")
    pattern = serializers.CharField(help_text="Of the numbers to come.")
    first_serial = serializers.IntegerField(
        help_text="With which this year begins; above 1 where the office went on from paper."
    )
    upcoming = RegisterVersionOut(many=True)


class RegistersOut(PageShape):
    """Registers by code. `next_cursor` is empty on the last page."""

    registers = RegisterOut(source="rows", many=True)


class RegistersView(OrganisationView):
    """Registers."""

    @operation("list_registers", RegistersOut, 400, 403, asks=[ListAsked])
    def get(self, request: Request) -> Response:
        """List registers with the pattern of their numbers."""
        page = listed(Register.objects.all(), ListAsked, validated_query(ListAsked, request))
        faces, coming = faces_on(page.rows), upcoming(page.rows)
        begins = first_numbers(page.rows)
        rows = [
            {
                **_face(faces[row.pk]),
                "code": row.code,
                "direction": row.direction,
                "first_serial": begins.get(row.pk, 1),
                "upcoming": coming.get(row.pk, []),
            }
            for row in page.rows
        ]
        return shown(RegistersOut, {"rows": rows, "next_cursor": page.next_cursor})


def _face(row: Any) -> dict[str, str]:
    return {name: getattr(row, name) for name in FACE}
