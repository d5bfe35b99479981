"""Circuits of visas and signatures over the API: a list of them, with their steps."""

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from correspondence.models.steps import Circuit, CircuitStep
from web.api.listing import both_ways
from web.api.organisation import ListAsked, OrganisationView, code_of
from web.api.shape import Shape
from web.api.view import responses, validated_query


class CircuitsAsked(ListAsked):
    """A page of circuits."""

    ORDERS = both_ways("id", "id")


class CircuitStepOut(Shape):
    """A step; steps of the same rank are taken side by side."""

    rank = serializers.IntegerField()
    act = serializers.CharField()
    who = serializers.CharField()
    person = serializers.CharField(allow_null=True)
    department = serializers.CharField(allow_null=True)


class CircuitOut(Shape):
    """A circuit of visas and signatures; null department or kind: of all."""

    id = serializers.IntegerField()
    name_ar = serializers.CharField()
    name_fr = serializers.CharField()
    name_en = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    kind = serializers.CharField(allow_null=True)
    active = serializers.BooleanField()
    steps = CircuitStepOut(many=True)


class CircuitsOut(Shape):
    """Circuits, the oldest first. `next_cursor` is empty on the last page."""

    circuits = CircuitOut(many=True)
    next_cursor = serializers.CharField()


class CircuitsView(OrganisationView):
    """Circuits."""

    asked = CircuitsAsked

    @extend_schema(
        operation_id="list_circuits",
        parameters=[CircuitsAsked],
        responses=responses(CircuitsOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List circuits with their steps."""
        given = validated_query(CircuitsAsked, request)
        steps = CircuitStep.objects.select_related("person", "department")
        rows = Circuit.objects.select_related("department", "kind")
        rows = rows.prefetch_related(Prefetch("steps", steps))
        rows = rows if given["inactive"] else rows.filter(active=True)
        return self.answer(rows, given, name="circuits")

    def shown(self, row: Circuit) -> dict[str, Any]:
        """Return a circuit as plain values."""
        return {
            "id": row.pk,
            "name_ar": row.name_ar,
            "name_fr": row.name_fr,
            "name_en": row.name_en,
            "department": code_of(row.department),
            "kind": code_of(row.kind),
            "active": row.active,
            "steps": [
                {
                    "rank": step.rank,
                    "act": step.act,
                    "who": step.who,
                    "person": step.person.username if step.person else None,
                    "department": code_of(step.department),
                }
                for step in row.steps.all()
            ],
        }
