"""Which tables the ledger covers: every one that `settings.LEDGER_COVERAGE` does not except."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from ledger.canonical import row_digest, spelt_name

_NEVER: Final = object()  # a column that has no empty value


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is excepted, each table by its label.

    exempt: tables without entries, each with its reason. left_out: columns that no entry records.
    only: the columns that entries record, where other proof stands for the rest; a row in which
    they are empty needs no entry.
    """

    exempt: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def coverage() -> Coverage:
    """Return the table that the composition root holds."""
    found: Coverage = import_string(settings.LEDGER_COVERAGE)
    return found


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows of a covered table are digested: fields by their columns' names, the key first."""

    label: str
    key: Any
    fields: tuple[Any, ...]
    columns: tuple[tuple[str, Any], ...]
    partial: bool
    nothing: str  # the digest of a row all of whose told columns are empty

    @property
    def read(self) -> tuple[Any, ...]:
        """The fields to read: the key, then those that entries record."""
        return (self.key, *self.fields)

    @property
    def names(self) -> tuple[str, ...]:
        """The same by name: of a column that Python sees deciphered, what the database keeps."""
        return tuple(
            f"{one.attname}__kept" if hasattr(one, "kept_field") else one.attname
            for one in self.read
        )

    def line(self, row: Any) -> tuple[str, str]:
        """Return key and digest of a row that was read."""
        key, *values = row
        return str(key), self.digest(values)

    def digest(self, values: list[Any]) -> str:
        """Return the digest of the recorded columns' values, in the order of the fields."""
        return row_digest(self.columns, values)


@cache
def shape_of(model: type[models.Model]) -> Shape | None:
    """Return how rows of this table are digested; None where it is not covered."""
    meta = (model._meta.concrete_model or model)._meta
    label, rules = meta.label_lower, coverage()
    if label in rules.exempt or meta.app_label in rules.exempt or not _is_ours(meta):
        return None
    only, left_out = rules.only.get(label, ()), rules.left_out.get(label, ())
    told = [
        one
        for one in sorted(meta.concrete_fields, key=lambda one: one.attname)
        if (not only or one.attname in only) and one.attname not in left_out and not one.generated
    ]
    columns = tuple((spelt_name(one.attname), _empty(one)) for one in told)
    return Shape(
        label=label,
        key=meta.pk,
        fields=tuple(told),
        columns=columns,
        partial=bool(only),
        nothing=row_digest((), ()),
    )


def _is_ours(meta: Any) -> bool:
    """Return whether the table belongs to an app: that of applied migrations, say, does not."""
    known = apps.all_models.get(meta.app_label, {})
    return meta.managed and meta.model_name in known


def _empty(one: Any) -> Any:
    if one.null:
        return None
    if one.is_relation or one.primary_key:
        return _NEVER
    if isinstance(one, models.JSONField):
        return one.get_default() if one.default in (dict, list) else _NEVER
    if isinstance(one, models.BooleanField):
        return False
    if isinstance(one, models.IntegerField):
        return 0
    return "" if isinstance(one, (models.CharField, models.TextField)) else _NEVER


def touches(shape: Shape, fields: Iterable[Any]) -> bool:
    """Return whether entries record a change of these fields."""
    return any(one in shape.fields for one in fields)


def covered_models() -> dict[type[models.Model], Shape]:
    """Return every covered table of the office, tables of many-to-many relations included."""
    return {
        model: shape
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and (shape := shape_of(model))
    }
