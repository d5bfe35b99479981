"""Examples of what the API takes, made out of its shapes; they stand in its document."""

from typing import Any, Final

from rest_framework import serializers

A_UUID: Final = "0f8f7a52-6d0e-4c5d-9a51-0d6f3c1b2a90"
# Values that say more than their type does, by the name of the field.
VALUES: Final[dict[str, Any]] = {
    "subject": "Fuite d'eau, rue des Orangers",
    "message": "Bonjour, l'eau coule devant le numéro 12.",
    "body": "Madame, la fuite a été réparée.",
    "department": "EAU",
    "kind": "complaint",
    "person": "badr",
    "delegate": "dounia",
    "username": "amina",
    "password": "the person's own",
    "sender": "Salma Idrissi",
    "sender_name": "Salma Idrissi",
    "name": "Salma Idrissi",
    "email": "salma@example.org",
    "sender_email": "salma@example.org",
    "phone": "0612345678",
    "sender_phone": "0612345678",
    "external_reference": "REF-2026/114",
    "other": "2026/IN/000123",
    "search": "q=fuite&stage=in_hand",
    "reason": "Le plan manque.",
    "remark": "Plus court, et avec la date.",
    "tracking_number": "RR123456785MA",
    "way": "registered",
    "box": [0.1, 0.1, 0.4, 0.15],
}
_BY_TYPE: Final[tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], Any], ...]] = (
    (serializers.BooleanField, True),
    (serializers.UUIDField, A_UUID),
    (serializers.DateTimeField, "2026-03-02T09:30:00Z"),
    (serializers.DateField, "2026-03-02"),
    (serializers.EmailField, "salma@example.org"),
    (serializers.DecimalField, "12.50"),
    (serializers.FloatField, 0.5),
    (serializers.CharField, "…"),
)


def takes_file(field: Any) -> bool:
    """Return whether the field is a file, or a list of files."""
    return isinstance(getattr(field, "child", field), serializers.FileField)


def example_of(shape: Any) -> dict[str, Any]:
    """Return values for the fields of a shape, files left out, as a person would send them."""
    return {
        name: _value(name, field)
        for name, field in shape.fields.items()
        if not field.read_only and not takes_file(field) and _is_shown(field)
    }


def _is_shown(field: Any) -> bool:
    """Return whether the example names the field: ids of the office's own only where needed."""
    plain = isinstance(field, serializers.IntegerField | serializers.UUIDField)
    return bool(field.required) or not plain


def _value(name: str, field: Any) -> Any:
    if isinstance(field, serializers.ListSerializer):
        return [example_of(field.child)]
    if isinstance(field, serializers.Serializer):
        return example_of(field)
    if isinstance(field, serializers.ChoiceField):
        return next(choice for choice in field.choices if choice != "")
    if name in VALUES and not isinstance(field, serializers.IntegerField):
        return VALUES[name]
    if isinstance(field, serializers.ListField):
        return [_value(name, field.child)]
    if isinstance(field, serializers.IntegerField):
        return field.min_value or 1
    return next((value for kind, value in _BY_TYPE if isinstance(field, kind)), "…")
