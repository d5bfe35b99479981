"""Base of the API's shapes: stated once, for checks, answers and schema."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response


class Shape(serializers.Serializer[Any]):
    """A request's or a response's shape.

    In a response each field shows the attribute of the row that it is named after, or its `source`;
    or what the shape's method `show_NAME` returns for the row. Unlike a SerializerMethodField the
    field keeps its type in the schema.
    """

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; those with a method of their own take their value from it."""
        fields: dict[str, Any] = super().get_fields()
        for name, field in fields.items():
            if method := getattr(self, f"show_{name}", None):
                field.get_attribute = method
        return fields


def shown(shape: type[Shape], row: object, *, status: int = 200, **context: Any) -> Response:
    """Return a row as an answer of this shape; `context` is for the shape's methods."""
    return Response(shape(row, context=context).data, status=status)
