"""A forger who owns the database and knows the program: whatever was changed looks whole again.

Seals, events, chains, closings and the ledger's entries are computed anew from the rows as they
stand. What the forger does not have is what left the house.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models

from identity import append_only as security
from ledger import append_only as entries
from ledger import recording
from ledger.coverage import covered_models, shape_of
from ledger.leaves import leaf_of, mac_of
from ledger.models import LedgerCheckpoint, LedgerEntry
from registry import append_only, chain
from registry.book.closing import closing_hash
from registry.models.anchors import Anchor
from registry.models.closings import DailyClosing
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.registers import NumberSeries
from registry.verification import hash_again, sealed_models


@contextmanager
def owning() -> Iterator[Any]:
    """A cursor of the owner: no trigger hinders, no entry tells; then the triggers stand again."""
    made = (append_only, security, entries)
    for each in made:
        each.remove(connection)
    with recording.paused(), connection.cursor() as cursor:
        yield cursor
    for each in made:
        each.install(connection)


def delete_letter(letter: Letter) -> None:
    """Delete every row that hangs on a letter, and the letter; put the series back by one."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        doomed: dict[type[models.Model], set[Any]] = {Letter: {letter.pk}}
        for _depth in range(4):
            for model in apps.get_models(include_auto_created=True):
                for field in model._meta.concrete_fields:
                    target = field.related_model
                    if isinstance(target, type) and target in doomed and target is not model:
                        found = model._base_manager.filter(**{f"{field.name}__in": doomed[target]})
                        doomed.setdefault(model, set()).update(found.values_list("pk", flat=True))
        for model, keys in doomed.items():
            _delete(cursor, model, keys)
    NumberSeries.objects.filter(register=letter.register_id, year=letter.year).update(
        last=letter.serial - 1
    )


def _delete(cursor: Any, model: type[models.Model], keys: set[Any]) -> None:
    meta = model._meta
    column = meta.pk.column
    for key in keys:
        value = meta.pk.get_db_prep_value(key, connection)
        cursor.execute(f'DELETE FROM "{meta.db_table}" WHERE "{column}" = %s', [value])  # noqa: S608


def make_whole() -> None:
    """Compute everything anew that follows from the rows; inside `owning`.

    What the office's own tables know of the log's past is removed.
    """
    LedgerCheckpoint.objects.all().delete()
    Anchor.objects.all().delete()
    DailyClosing.objects.update(checkpoint="")
    _seal_events()
    _chain_registers()
    _close_again()
    _enter_again()


def _seal_events() -> None:
    rows = {
        chain.row_key(row): chain.row_seal(row)
        for model in sealed_models()
        for row in model._base_manager.all()
    }
    for letter in Letter.objects.all():
        events = list(LetterEvent.objects.filter(letter=letter).order_by("seq"))
        last = {key: event for event in events for key in event.seals}
        for key, event in last.items():
            if key in rows:
                event.seals[key] = rows[key]
        head = ""
        for event in events:
            event.previous_hash = head
            event.hash = head = hash_again(event)
            LetterEvent.objects.filter(pk=event.pk).update(
                seals=event.seals, previous_hash=event.previous_hash, hash=event.hash
            )
        Letter.objects.filter(pk=letter.pk).update(chain_head=head)


def _chain_registers() -> None:
    for series in NumberSeries.objects.all():
        head = ""
        first = LetterEvent.objects.filter(
            letter__register=series.register_id, letter__year=series.year, seq=1
        )
        for event in first.order_by("letter__serial"):
            head = chain.chained(head, event.hash)
            LetterEvent.objects.filter(pk=event.pk).update(register_hash=head)
        NumberSeries.objects.filter(pk=series.pk).update(chain_head=head)


def _close_again() -> None:
    heads = {(str(e.letter_id), e.seq): e.hash for e in LetterEvent.objects.all()}
    for series in NumberSeries.objects.all():
        before = ""
        for closing in DailyClosing.objects.filter(series=series).order_by("sequence"):
            kept = [head for head in closing.heads if (head[0], head[1]) in heads]
            closing.heads = [[one, seq, heads[(one, seq)]] for one, seq, _hash in kept]
            first = LetterEvent.objects.filter(
                seq=1, letter__register=series.register_id, letter__serial=closing.last
            ).first()
            closing.chain_head = first.register_hash if first else closing.chain_head
            closing.previous_hash = before
            closing.hash = before = closing_hash(closing)
            DailyClosing.objects.filter(pk=closing.pk).update(
                heads=closing.heads,
                chain_head=closing.chain_head,
                previous_hash=closing.previous_hash,
                hash=closing.hash,
            )
        NumberSeries.objects.filter(pk=series.pk).update(closing_head=before)


def _enter_again() -> None:
    """Put the digests of the rows into the newest entries of each, and their codes beside."""
    now: dict[tuple[str, str], str] = {}
    for model in covered_models():
        shape = shape_of(model)
        assert shape is not None
        for row in model._base_manager.values_list(*shape.names):
            key, digest = shape.line(row)
            now[(shape.label, key)] = digest
    covered = {shape.label for model in covered_models() if (shape := shape_of(model))}
    entries_of: dict[tuple[str, str], LedgerEntry] = {}
    every = list(LedgerEntry.objects.order_by("place", "id"))
    for entry in every:
        for line in entry.lines.split("\n") if entry.lines and entry.label in covered else ():
            entries_of[(entry.label, line.rpartition(" ")[0])] = entry
    for (label, key), entry in entries_of.items():
        lines = [
            f"{key} {now.get((label, key), '')}" if line.rpartition(" ")[0] == key else line
            for line in entry.lines.split("\n")
        ]
        entry.lines = "\n".join(lines)
    for entry in every:
        mac = mac_of(leaf_of(entry))
        LedgerEntry.objects.filter(pk=entry.pk).update(lines=entry.lines, mac=mac)
