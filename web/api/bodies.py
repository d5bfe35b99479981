"""Strict request bodies: unknown fields are refused by name.

A misspelt field that is dropped silently would be a file or a word lost.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.html import is_html_input

Shape = serializers.Serializer[Any]
Wrong = Iterator[tuple[str, str]]


def known_only(shape: Shape, request: Request) -> None:
    """Raise ValidationError with every field that `shape` does not know.

    Also every file where no file can be, every field that can be given once and is given twice,
    every parameter of the address.
    """
    if wrong := unknown_of(shape, request):
        raise ValidationError(wrong)


def unknown_of(shape: Shape, request: Request) -> dict[str, list[str]]:
    """Return the same errors as messages by field; empty where all is known."""
    wrong = {name: [_("There is no such parameter.")] for name in request.query_params}
    return wrong | {name: [words] for name, words in _unknown(shape, request.data, "")}


def wrong_parameters(shape: Shape, request: Request) -> dict[str, list[str]]:
    """Return what is wrong with the names in an address's query: unknown, or given twice."""
    wrong = {}
    for name, values in request.query_params.lists():
        if name not in shape.fields:
            wrong[name] = [_("There is no such parameter.")]
        elif len(values) > 1 and not _takes_many(shape.fields[name]):
            wrong[name] = [_("This field is given twice.")]
    return wrong


def _unknown(shape: Shape, data: Any, prefix: str) -> Wrong:
    if not isinstance(data, Mapping):  # said by the shape itself
        return
    fields = {name: field for name, field in shape.fields.items() if not field.read_only}
    form: Any = data if is_html_input(data) else None
    for name in data:
        field = fields.get(name) or (_of_row(fields, name) if form else None)
        given = form.getlist(name) if form else [data[name]]
        if field is None:
            yield f"{prefix}{name}", _("There is no such field.")
        elif name in fields and not _takes_many(field) and len(given) > 1:
            yield f"{prefix}{name}", _("This field is given twice.")
        elif _takes_files(field) and not _is_files(given if form else data[name]):
            yield f"{prefix}{name}", _("Files are sent as multipart/form-data.")
    for name, field in fields.items():
        for place, inner, one in _inner(field, data):
            yield from _unknown(inner, one, f"{prefix}{name}.{place}")


def _of_row(fields: Mapping[str, Any], name: str) -> Any:
    """Return the field of `to[0]department` or `values.kind`, as a form names nested values."""
    field = fields.get(name.partition("[")[0].partition(".")[0])
    rows = isinstance(field, serializers.BaseSerializer | serializers.ListField)
    return field if rows and not _takes_files(field) else None


def _takes_many(field: Any) -> bool:
    return isinstance(
        field, serializers.ListField | serializers.ListSerializer | serializers.MultipleChoiceField
    )


def _takes_files(field: Any) -> bool:
    return isinstance(field, serializers.ListField) and isinstance(
        field.child, serializers.FileField
    )


def _is_files(given: Any) -> bool:
    if not given:
        return True
    return isinstance(given, list) and all(isinstance(one, UploadedFile) for one in given)


def _inner(field: Any, data: Any) -> Iterator[tuple[str, Shape, Any]]:
    """Yield the values nested in a field, each with its place and its shape."""
    many = isinstance(field, serializers.ListField | serializers.ListSerializer)
    shape: Any = field.child if many else field
    if not isinstance(shape, serializers.Serializer):
        return
    value = field.get_value(data)
    if not many:
        yield "", shape, value
    elif isinstance(value, list):
        yield from ((f"{place}.", shape, one) for place, one in enumerate(value))
