"""A row of any table, with values of no meaning: what constraints ask for, and nothing else."""

import itertools
import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

_numbers = itertools.count(700_001)
# What constraints ask for that no value of a column's type meets by itself.
_GIVEN: dict[str, dict[str, Any]] = {
    "routing.routingrule": {"conditions": ["made"], "same_department": True},
    "payments.payment": {"amount": 100, "allocated": 1},
}


def make_row(model: type[models.Model]) -> Any:
    """Return a new row, saved; tries again with all columns filled, then with other choices."""
    for filled, choice in itertools.product((False, True), range(8)):
        values = _values(model, filled=filled, choice=choice)
        row = model(**values | _GIVEN.get(model._meta.label_lower, {}))
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            continue
        return row
    raise AssertionError(f"no made-up row of {model._meta.label} is taken")


def _values(model: type[models.Model], *, filled: bool, choice: int) -> dict[str, Any]:
    """Return values by attribute; foreign keys are checked on commit, which never comes."""
    return {
        one.attname: _value(one, choice)
        for one in model._meta.concrete_fields
        if not isinstance(one, models.AutoField) and not one.generated and (filled or _needed(one))
    }


def _needed(one: Any) -> bool:
    return not one.null and (not one.has_default() or one.unique)


def _value(one: Any, choice: int) -> Any:
    number = next(_numbers)
    target = one.target_field if one.is_relation else one
    if one.choices:
        kept = [value for value, _ in one.flatchoices]
        return kept[choice % len(kept)]
    if isinstance(target, (models.SmallIntegerField, models.PositiveSmallIntegerField)):
        return 1 + choice
    made: dict[type[models.Field[Any, Any]], Any] = {
        models.UUIDField: uuid.uuid4(),
        models.BooleanField: bool(choice % 2),
        models.IntegerField: number,
        models.FloatField: 0.5,
        models.DecimalField: Decimal(1),
        models.DateTimeField: timezone.now() + timedelta(seconds=number - 700_000),
        models.DateField: date(2000, 1, 1) + timedelta(days=number - 700_000),
        models.JSONField: {"made": [number, 0.5, None, "ﷺ"]},
        models.BinaryField: b"made",
    }
    fitting = (value for kind, value in made.items() if isinstance(target, kind))
    return next(fitting, f"{number}"[: target.max_length or 20])
