"""The health of the office for monitoring: what this system does not allow."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from sandbox.strength import missing_walls
from web.api.access import Administers
from web.api.shape import Shape, shown
from web.api.view import ApiView, responses
from web.shared.walls import wall_words


class WallOut(Shape):
    """A wall around files of strangers that this system does not allow."""

    name = serializers.ChoiceField(["landlock", "landlock_old", "seccomp", "namespaces", "root"])
    words = serializers.CharField()
    todo = serializers.CharField(help_text="What to do.")


class HealthOut(Shape):
    """What is missing, nothing where all is well."""

    missing_walls = WallOut(many=True)


class HealthView(ApiView):
    """Health of the office."""

    permission_classes = [IsAuthenticated, Administers]

    @extend_schema(operation_id="get_health", responses=responses(HealthOut, 403))
    def get(self, request: Request) -> Response:
        """Return which walls around files of strangers are missing."""
        rows = []
        for name in missing_walls() or ():
            words, todo = wall_words(name)
            rows.append({"name": name, "words": words, "todo": todo})
        return shown(HealthOut, {"missing_walls": rows})
