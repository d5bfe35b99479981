"""The history of the organisation: each change of a person, department, kind or register."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from org.models import OrgChange, User

Row = TypeVar("Row", bound=Model)


def values_of(row: Model, names: Sequence[str]) -> dict[str, Any]:
    """Return the named columns as plain JSON values; a foreign key by its code or id."""
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return getattr(value, "code", None) or value.pk
    if value is None or isinstance(value, (bool, int, str, list, dict)):
        return value
    return str(value)


def record(
    noun: str,
    key: str,
    action: str,
    *,
    actor: User | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> OrgChange | None:
    """Write what differs between `before` and `after`; None where nothing does.

    Without `before` the row is new. Raise RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a change of the organisation belongs inside a transaction")
    old, new = before or {}, after or {}
    if before is not None and after is not None:
        differing = {name for name in {*old, *new} if old.get(name) != new.get(name)}
        if not differing:
            return None
        old = {name: value for name, value in old.items() if name in differing}
        new = {name: value for name, value in new.items() if name in differing}
    return OrgChange.objects.create(
        noun=noun,
        key=key,
        action=action,
        actor=actor,
        before=old,
        after=new,
        at=timezone.now(),
    )


def keep_row(
    noun: str,
    row: Row,
    *,
    columns: Sequence[str],
    checked: Callable[[Row], dict[str, Any]],
    actor: User | None,
    action: Callable[[dict[str, Any], dict[str, Any]], str] = lambda _before, _after: "changed",
) -> str:
    """Add a row that has no key yet, or change one, and write it into the history.

    `checked` returns the columns' new values for the row as it is now, locked, or raises what is
    wrong with them. `action`: what a change is called. Return "new", "changed" or "same".
    """
    with transaction.atomic():
        before = None
        if not row._state.adding:
            row = type(row)._default_manager.select_for_update().get(pk=row.pk)
            before = values_of(row, columns)
        for name, value in checked(row).items():
            setattr(row, name, value)
        after = values_of(row, columns)
        if before == after:
            return "same"
        row.save()
        done = action(before, after) if before else "created"
        record(noun, str(row.pk), done, actor=actor, before=before, after=after)
        return "changed" if before else "new"


def change_row(
    noun: str,
    held: Any,
    given: dict[str, Any],
    *,
    columns: Sequence[str],
    kept: Sequence[str],
    actor: User | None,
) -> str:
    """Write the columns of a row with a code, and what changed of those `kept`, into the history.

    Return "changed" or "same".
    """
    before = values_of(held, kept)
    for name in columns:
        setattr(held, name, given[name])
    held.save(update_fields=columns)
    after = values_of(held, kept)
    change = record(noun, held.code, "changed", actor=actor, before=before, after=after)
    return "changed" if change else "same"
