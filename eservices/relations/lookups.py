"""Conditions that a database answers each by its own index, instead of scanning a whole list."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet


def any_of(model: type[Model], conditions: Sequence[Q]) -> QuerySet[Any]:
    """Return the ids of the rows that meet one of the conditions; of none without a condition.

    With OR a database would scan all rows in the order of the list.
    """
    rows = model._default_manager.order_by()
    parts = [rows.filter(one).values("pk") for one in conditions]
    if not parts:
        return rows.none().values("pk")
    return parts[0].union(*parts[1:]) if parts[1:] else parts[0]


def asked_by_phone(keys: Collection[str]) -> Q:
    """Return which requests name one of these telephones.

    The second part says what the index says: without it SQLite does not use it.
    """
    return Q(phone_key__in=keys) & ~Q(phone_key="")


def asked_by_email(keys: Collection[str]) -> Q:
    """Return which requests name one of these addresses; as `asked_by_phone`."""
    return Q(email_key__in=keys) & ~Q(email_key="")
