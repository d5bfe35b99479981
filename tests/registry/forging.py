"""Forging rows behind the application's back: other values of a column, copies of a row."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from registry.chain import row_key


def forged(field: Any, value: Any, row: models.Model) -> list[Any]:
    """Other values of the column that its type takes, the likeliest first."""
    if isinstance(field, models.ForeignKey):
        target: Any = field.related_model
        others = target._base_manager.exclude(pk=value).values_list("pk", flat=True)
        uuids = isinstance(field.target_field, models.UUIDField)
        return [*others[:5], uuid.uuid4() if uuids else 999_999]
    if field.choices:
        choices = [choice for choice, _ in field.choices if choice != value]
        return [*choices, 99 if isinstance(value, int) else "forged"]
    if isinstance(field, models.UUIDField):
        return [uuid.uuid4()]
    if isinstance(field, models.JSONField):
        return [{"forged": True}, ["forged"]]
    if isinstance(field, models.BooleanField):
        return [not value]
    if isinstance(field, models.DateTimeField):
        return [row_time(row) + timedelta(seconds=1) if value is None else value + timedelta(1)]
    if isinstance(field, models.DateField):
        return [date(2020, 1, 1)]
    if isinstance(field, (models.FloatField, models.BinaryField)):
        return [0.25, 0.5] if isinstance(field, models.FloatField) else [b"forged"]
    if isinstance(field, (models.IntegerField, models.DecimalField)):
        return [(value or 0) + 1, (value or 0) + 1000, (value or 0) - 1]
    text = str(value or "")
    other = "y" if text[-1:] == "x" else "x"
    return [text[: (field.max_length or 10_000) - 1] + other, text[:-1] + other, ""]


def row_time(row: models.Model) -> Any:
    times = (
        getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if isinstance(field, models.DateTimeField) and getattr(row, field.attname)
    )
    return next(times, datetime(2020, 1, 1, tzinfo=UTC))


def edit(cursor: Any, row: models.Model, attname: str) -> set[str]:
    """Change one column by SQL to whatever the database takes; the names the row may now have.

    Empty where the database's constraints refuse every other value.
    """
    field: Any = next(f for f in row._meta.concrete_fields if f.attname == attname)
    key: Any = row._meta.pk
    sql = f'UPDATE "{row._meta.db_table}" SET "{field.column}" = %s WHERE "{key.column}" = %s'  # noqa: S608
    for value in forged(field, getattr(row, attname), row):
        if value == getattr(row, attname):
            continue
        new = field.get_db_prep_save(value, connection)
        try:
            with transaction.atomic():
                cursor.execute(sql, [new, key.get_db_prep_value(row.pk, connection)])
        except IntegrityError:
            continue
        assert cursor.rowcount == 1
        return {row_key(row), f"{row._meta.label_lower}/{value if field.primary_key else row.pk}"}
    return set()


def slip_in(row: Any) -> Any:
    """Insert a copy under a new key, varied as far as the constraints ask for it."""
    unique = {
        name
        for constraint in row._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        for name in constraint.fields
    } | {field.name for field in row._meta.concrete_fields if field.unique}
    copies: dict[str, list[Any]] = {
        field.attname: forged(field, getattr(row, field.attname), row)
        for field in row._meta.concrete_fields
        if field.name in unique and not field.primary_key
    }
    if copies.get(getattr(row, "LETTER", "")):  # its last choice is a letter that does not exist
        copies[row.LETTER].pop()
    for attname in [*copies, ""]:
        for value in copies.get(attname, [None]):
            copy = row._meta.model._base_manager.get(pk=row.pk)
            copy.pk = uuid.uuid4()
            for field in row._meta.concrete_fields:
                if isinstance(field, models.OneToOneField):
                    continue
                if field.unique and not field.primary_key and getattr(copy, field.attname):
                    setattr(copy, field.attname, copies[field.attname][0])
            if attname:
                setattr(copy, attname, value)
            try:
                with transaction.atomic():
                    copy.save(force_insert=True)
            except IntegrityError:
                continue
            return copy
    return pytest.fail(f"no copy of {row} fits")
