"""Registers over the API: as they are today, and what they will be."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.book.versions import FACE, faces_on, upcoming
from registry.models.registers import Register
from web.api.organisation import ListAsked, NamesOut, OrganisationView
from web.api.shape import Shape
from web.api.view import responses, validated_query


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
    upcoming = RegisterVersionOut(many=True)


class RegistersOut(Shape):
    """Registers by code. `next_cursor` is empty on the last page."""

    registers = RegisterOut(many=True)
    next_cursor = serializers.CharField()


class RegistersView(OrganisationView):
    """Registers."""

    @extend_schema(
        operation_id="list_registers",
        parameters=[ListAsked],
        responses=responses(RegistersOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List registers with the pattern of their numbers."""
        given = validated_query(ListAsked, request)
        rows = list(Register.objects.all())
        self.faces, self.upcoming = faces_on(rows), upcoming(rows)
        return self.answer(Register.objects.all(), given, name="registers")

    def shown(self, row: Register) -> dict[str, Any]:
        """Return a register as plain values, as it is today, and what it will be."""
        coming = self.upcoming.get(row.pk, [])
        return {
            "code": row.code,
            **_face(self.faces[row.pk]),
            "direction": row.direction,
            "upcoming": [
                {"valid_from": one.valid_from.isoformat(), **_face(one)} for one in coming
            ],
        }


def _face(row: Any) -> dict[str, str]:
    return {name: getattr(row, name) for name in FACE}
