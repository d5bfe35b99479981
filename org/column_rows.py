"""Rows of enciphered columns: enciphered where they stand in the clear, and by a new key.

Batch by batch, each in a transaction of its own, through the ledger; what is done is not done
again, so both may be cut short and repeated.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.apps import apps as installed
from django.db import migrations, models, router, transaction
from django.db.migrations.exceptions import IrreversibleError
from django.db.models import Q

from org.columns import (
    BlindIndex,
    EncipheredJSON,
    EncipheredText,
    ReachIndex,
    Unreadable,
    UnreadableAnswers,
    reach_index,
)
from org.empty_tables import are_empty
from org.keys import BLIND, BOUND, known_bounds

BATCH: Final = 200
SAMPLE: Final = 20  # rows of a table that the health page opens
_ENCIPHERED: Final = (EncipheredText, EncipheredJSON)
_NOTHING: Final = ("", "{}", "[]", "null")


class AlterColumn(migrations.AlterField):
    """Make a column enciphered, or the index of one; no row is rewritten.

    PostgreSQL takes the length off the type. SQLite ignores the length, so nothing is to be done.
    """

    def database_forwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        if editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, editor, before, after)

    def database_backwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        raise IrreversibleError("what is enciphered would not fit, nor be read")


class AddEmptyText(migrations.AddField):
    """Add a column of text that is empty in all rows, without writing them.

    Django would make the table anew on SQLite, and lose its triggers.
    """

    def database_forwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        if editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, editor, before, after)
            return
        model = after.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(editor.connection.alias, model):
            field, quote = model._meta.get_field(self.name), editor.quote_name
            editor.execute(
                f"ALTER TABLE {quote(model._meta.db_table)} ADD COLUMN {quote(field.column)}"
                f" {field.db_type(editor.connection)} DEFAULT '' NOT NULL"
            )


def encipher_rows(app_label: str, *names: str) -> migrations.RunPython:
    """Return the step of a migration (not atomic) that enciphers the rows of these models."""

    def run(apps: Any, editor: Any) -> None:
        for name in names:
            if are_empty(editor, f"{app_label}_{name.lower()}"):
                continue
            model = apps.get_model(app_label, name)
            _rewrite(model, _in_the_clear(model))

    return migrations.RunPython(run, elidable=False)


def renew_columns() -> tuple[int, int]:
    """Encipher by today's key what one of before holds.

    Return how many rows were written, and how many values no key opens.
    """
    done = 0
    for model in enciphered_models():
        done += _rewrite(model, _by_another(model))
    return done, sum(count for _label, count in unreadable_columns())


def unreadable_columns() -> Iterator[tuple[str, int]]:
    """Yield each column with values of keys that the office does not have, and how many.

    Reads every row. A value that was damaged is not among them: the ledger detects those.
    """
    for model in enciphered_models():
        for field in _of(model, _ENCIPHERED):
            if count := model._base_manager.filter(_lost(field)).count():
                yield f"{model._meta.label_lower}.{field.column}", count


def sampled_columns() -> Iterator[str]:
    """Yield the columns of which one of the first rows is opened by no key, quickly."""
    for model in enciphered_models():
        fields = list(_of(model, _ENCIPHERED))
        rows = model._base_manager.order_by("pk").only("pk", *(one.name for one in fields))
        first = list(rows[:SAMPLE])
        for field in fields:
            values = (getattr(row, field.attname) for row in first)
            if any(isinstance(value, (Unreadable, UnreadableAnswers)) for value in values):
                yield f"{model._meta.label_lower}.{field.column}"


def _lost(field: Any) -> Q:
    lost = _begins(field, BOUND)
    for mark in known_bounds():
        lost &= ~_begins(field, mark)
    return lost


def enciphered_models() -> list[type[models.Model]]:
    """Return the tables that have enciphered columns."""
    return [
        one
        for one in installed.get_models()
        if one._meta.managed and not one._meta.proxy and list(_of(one, _ENCIPHERED))
    ]


def _of(model: type[models.Model], kinds: Any) -> Iterator[Any]:
    return (one for one in model._meta.concrete_fields if isinstance(one, kinds))


def _begins(field: Any, text: str) -> Q:
    """Return which rows keep something that begins so."""
    quote = '"' if isinstance(field, EncipheredJSON) else ""
    return Q(**{f"{field.name}__kept_text__startswith": f"{quote}{text}"})


def _empty(field: Any) -> Q:
    return Q(**{f"{field.name}__kept_text__in": _NOTHING}) | Q(**{f"{field.name}__isnull": True})


def _in_the_clear(model: type[models.Model]) -> Q:
    """Return which rows have a value that is not enciphered, or an index that is not made."""
    found = Q(pk__in=[])
    for field in _of(model, _ENCIPHERED):
        found |= ~_empty(field) & ~_begins(field, BOUND)
    for field in _of(model, BlindIndex):
        found |= ~_empty(field) & ~_begins(field, BLIND)
    return found


def _by_another(model: type[models.Model]) -> Q:
    """Return which rows have a value that a key of before holds, or that stands in the clear."""
    older = known_bounds()[1:]
    found = _in_the_clear(model)
    for field in _of(model, _ENCIPHERED):
        for mark in older:
            found |= _begins(field, mark)
    return found


def _rewrite(model: type[models.Model], wanted: Q) -> int:
    """Write the columns of these rows again; return how many rows."""
    fields = list(_of(model, (*_ENCIPHERED, BlindIndex, ReachIndex)))
    names = [one.name for one in fields]
    rows: Any = model._base_manager.using(router.db_for_write(model)).order_by("pk")
    done, last = 0, None
    while True:
        with transaction.atomic(using=rows.db):
            part = rows.filter(wanted, **({} if last is None else {"pk__gt": last}))
            found = list(part.select_for_update(of=("self",)).only("pk", *names)[:BATCH])
            if not found:
                return done
            for row in found:
                _index(row, fields)
            model._base_manager.using(rows.db).bulk_update(found, names)
        done, last = done + len(found), found[-1].pk


def _index(row: Any, fields: Sequence[Any]) -> None:
    for one in fields:
        if isinstance(one, ReachIndex) and not isinstance(getattr(row, one.of), Unreadable):
            setattr(row, one.attname, reach_index(one.of, getattr(row, one.of)))
