"""Base of the API's shapes: stated once, for checks, answers and schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.fields import SkipField
from rest_framework.response import Response

from eservices.money import AmountError, centimes, decimal

_KEPT: Final = local()  # of each thread: a shape's context is that of one answer


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

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return what the framework's serializer does; plain attributes are read the short way."""
        shown: dict[str, Any] = {}
        for name, field, attributes in self._plan:
            value: Any = instance
            try:
                for attribute in attributes:
                    value = getattr(value, attribute)
                if not attributes or callable(value):
                    value = field.get_attribute(instance)
            except (AttributeError, ObjectDoesNotExist):
                try:
                    value = field.get_attribute(instance)  # which knows what is meant by it
                except SkipField:
                    continue
            except SkipField:
                continue
            shown[name] = None if value is None else field.to_representation(value)
        return shown

    @cached_property
    def _plan(self) -> list[tuple[str, Any, tuple[str, ...]]]:
        """Return the shown fields with their attributes, none where they need their own way."""
        return [
            (one.field_name or "", one, tuple(one.source_attrs) if _is_plain(one) else ())
            for one in self._readable_fields
        ]


def _is_plain(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """Return whether the field shows an attribute of the row, as the framework reads it."""
    own = "get_attribute" in field.__dict__
    return not own and type(field).get_attribute is serializers.Field.get_attribute


class PageShape(Shape):
    """A page of a list: its `rows` under their name, and `next_cursor`, empty on the last page."""

    next_cursor = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, the cursor last."""
        fields = super().get_fields()
        return fields | {"next_cursor": fields.pop("next_cursor")}


def shown(shape: type[Shape], row: object, *, status: int = 200, **context: Any) -> Response:
    """Return a row as an answer of this shape; `context` is for the shape's methods.

    Making a shape copies all its fields, so one made before is used again.
    """
    kept: dict[type[Shape], Shape] = _KEPT.__dict__.setdefault("shapes", {})
    one = kept.pop(shape, None) or shape()  # taken out: an answer may be made within another
    one._context = context
    data = one.to_representation(row)
    one._context = {}
    kept[shape] = one
    return Response(data, status=status)


@contextmanager
def given_to(
    shape: type[serializers.Serializer[Any]], data: Any
) -> Iterator[serializers.Serializer[Any]]:
    """Give data to a shape to be checked; one made before is used again, as in `shown`."""
    kept: dict[Any, serializers.Serializer[Any]] = _KEPT.__dict__.setdefault("asked", {})
    one = kept.pop(shape, None) or shape(data=data)  # taken out: nobody else may use it meanwhile
    one.initial_data = data
    try:
        yield one
    finally:
        for name in ("initial_data", "_validated_data", "_errors"):
            one.__dict__.pop(name, None)
        kept[shape] = one


def optional_text(most: int, *, help_text: str | None = None) -> serializers.CharField:
    """Return the field of a text that need not be given: it is "" then."""
    return serializers.CharField(
        required=False, default="", allow_blank=True, max_length=most, help_text=help_text
    )


class AmountField(serializers.CharField):
    """An amount as decimal text: in centimes here."""

    def to_internal_value(self, data: Any) -> Any:
        """Return centimes. Raise ValidationError."""
        text = super().to_internal_value(data)
        try:
            return centimes(text)
        except AmountError as error:
            words = _("This is no amount: “%(amount)s”.") % {"amount": text.strip()[:40]}
            raise ValidationError(words) from error

    def to_representation(self, value: Any) -> str:
        """Return decimal text."""
        return decimal(value)
