"""Circuits of visas and signatures over the API: a list of them, with their steps."""

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.request import Request

from correspondence.models.steps import Circuit, CircuitStep
from web.api.listing import Given, Rows, both_ways, lists
from web.api.organisation import ListAsked, OrganisationView, in_use
from web.api.shape import PageShape, Shape


class CircuitsAsked(ListAsked):
    """A page of circuits."""

    ORDERS = both_ways("id", "id")


class CircuitStepOut(Shape):
    """A step; steps of the same rank are taken side by side."""

    rank = serializers.IntegerField()
    act = serializers.CharField()
    who = serializers.CharField()
    person = serializers.CharField(source="person.username", allow_null=True)
    department = serializers.CharField(source="department.code", allow_null=True)


class CircuitOut(Shape):
    """A circuit of visas and signatures; null department or kind: of all."""

    id = serializers.IntegerField()
    name_ar = serializers.CharField()
    name_fr = serializers.CharField()
    name_en = serializers.CharField()
    department = serializers.CharField(source="department.code", allow_null=True)
    kind = serializers.CharField(source="kind.code", allow_null=True)
    active = serializers.BooleanField()
    steps = CircuitStepOut(many=True)


class CircuitsOut(PageShape):
    """Circuits, the oldest first. `next_cursor` is empty on the last page."""

    circuits = CircuitOut(source="rows", many=True)


class CircuitsView(OrganisationView):
    """Circuits."""

    @lists("list_circuits", CircuitsAsked, CircuitsOut, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List circuits with their steps."""
        steps = CircuitStep.objects.select_related("person", "department")
        rows = Circuit.objects.select_related("department", "kind")
        return in_use(rows.prefetch_related(Prefetch("steps", steps)), given)
