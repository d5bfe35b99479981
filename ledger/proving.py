"""Verification of the ledger: its entries against the log, every covered row against its entries.

Entries are folded in the order of the log into a file of their own, so memory stays flat. People
work on meanwhile: a row that seems wrong is checked again with the entries that came since.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from django.db import models

from ledger.coverage import Shape, covered_models
from ledger.folding import Fold
from ledger.models import LedgerEntry
from ledger.problems import Problem
from ledger.sequencing import waiting

BATCH: Final = 1000
_TRIES: Final = 5  # for rows that are written while they are judged


def check_ledger() -> Iterator[Problem]:
    """Yield every problem: entries lost or forged, rows edited, missing or slipped in."""
    with Fold() as fold:
        yield from _check_entries(fold)
        for model, shape in covered_models().items():
            yield from _check_table(model, shape, fold)


def _check_entries(fold: Fold) -> Iterator[Problem]:
    rows = LedgerEntry.objects.order_by("place").exclude(place=None)
    for entry in rows.iterator(chunk_size=BATCH):
        if entry.place != fold.end:
            yield Problem("entry_missing", f"ledger.ledgerentry/#{fold.end}")
        fold.end = (entry.place or 0) + 1
        fold.add(entry.label, entry.lines)
    for entry in waiting(ours=False):
        yield Problem("entry_forged", f"ledger.ledgerentry/{entry.pk}", str(entry))
    for entry in waiting():
        fold.add(entry.label, entry.lines)


def _check_table(model: type[models.Model], shape: Shape, fold: Fold) -> Iterator[Problem]:
    """Compare the rows of a table, batch by batch, with its entries."""
    number, found = fold.number(shape.label), 0
    rows: Any = model._base_manager.order_by("pk").values_list(*shape.names)
    stream = rows.iterator(chunk_size=BATCH)
    while part := [shape.line(row) for row in islice(stream, BATCH)]:
        told = fold.digests(number, [key for key, _digest in part])
        found += len(told)
        wrong = [key for key, digest in part if _wrong(shape, told.get(key, ""), digest)]
        yield from _judged_again(model, shape, fold, wrong)
    if fold.count(number) > found:
        yield from _missing(model, shape, fold)


def _missing(model: type[models.Model], shape: Shape, fold: Fold) -> Iterator[Problem]:
    number = fold.number(shape.label)
    for keys in fold.keys(number, BATCH):
        held = model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)
        there = {str(key) for key in held}
        lost = [key for key in keys if key not in there]
        yield from _judged_again(model, shape, fold, lost)


def _wrong(shape: Shape, told: str, digest: str) -> str:
    """Return what is wrong with a row; `told` and `digest` are empty where none should be or is."""
    if not digest:
        return "row_missing" if told else ""
    told = told or (shape.nothing if shape.partial else "")
    if not told:
        return "row_slipped_in"
    return "row_edited" if told != digest else ""


def _judged_again(
    model: type[models.Model], shape: Shape, fold: Fold, keys: Sequence[str]
) -> Iterator[Problem]:
    """Yield what is wrong with these rows by all entries of now, those that came since included.

    A row counts that got no entry while it was read; one that is always written just then is whole
    as far as entries tell.
    """
    rows: Any = model._base_manager.order_by("pk").values_list(*shape.names)
    for _try in range(_TRIES):
        if not keys:
            return
        before = _since(shape.label, keys, fold)
        held = dict(shape.line(row) for row in rows.filter(pk__in=keys))
        since = _since(shape.label, keys, fold)
        told = fold.digests(fold.number(shape.label), keys)
        told |= {key: digest for key, (_entry, digest) in since.items()}
        moved = [key for key in keys if before.get(key) != since.get(key)]
        for key in keys:
            code = _wrong(shape, told.get(key, ""), held.get(key, ""))
            if code and key not in moved:
                yield Problem(code, f"{shape.label}/{key}")
        keys = moved


def _since(label: str, keys: Sequence[str], fold: Fold) -> dict[str, tuple[int, str]]:
    """Return the newest entry of each of these rows and its digest, of what came after the fold."""
    wanted, found = set(keys), {}
    placed = LedgerEntry.objects.filter(label=label, place__gte=fold.end).order_by("place")
    for entry in chain(placed.iterator(chunk_size=BATCH), waiting(label=label)):
        for line in entry.lines.split("\n"):
            key, _, digest = line.rpartition(" ")
            if key in wanted:
                found[key] = (entry.pk, digest)
    return found
