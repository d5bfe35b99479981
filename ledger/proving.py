"""Verification of the ledger: its entries against the log, every covered row against its entries.

Entries are folded in the order of the log into a file of their own, so memory stays flat.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django.db import models

from ledger.coverage import Shape, covered_models
from ledger.folding import Fold
from ledger.models import LedgerEntry
from ledger.problems import Problem
from ledger.sequencing import waiting

BATCH: Final = 1000


def check_ledger() -> Iterator[Problem]:
    """Yield every problem: entries lost or forged, rows edited, missing or slipped in."""
    with Fold() as fold:
        yield from _check_entries(fold)
        for model, shape in covered_models().items():
            yield from _check_table(model, shape, fold)


def _check_entries(fold: Fold) -> Iterator[Problem]:
    rows = LedgerEntry.objects.order_by("place").exclude(place=None)
    expected = 0
    for entry in rows.iterator(chunk_size=BATCH):
        if entry.place != expected:
            yield Problem("entry_missing", f"ledger.ledgerentry/#{expected}")
        expected = (entry.place or 0) + 1
        fold.add(entry.label, entry.lines)
    for entry in waiting(ours=False):
        yield Problem("entry_forged", f"ledger.ledgerentry/{entry.pk}", str(entry))
    for entry in waiting():
        fold.add(entry.label, entry.lines)


def _check_table(model: type[models.Model], shape: Shape, fold: Fold) -> Iterator[Problem]:
    """Compare the rows of a table, batch by batch, with what its entries tell."""
    number, found = fold.number(shape.label), 0
    rows: Any = model._base_manager.order_by("pk").values_list(*(f.attname for f in shape.read))
    stream = rows.iterator(chunk_size=BATCH)
    while part := [shape.line(row) for row in islice(stream, BATCH)]:
        told = fold.digests(number, [key for key, _digest in part])
        found += len(told)
        for key, digest in part:
            known = told.get(key, shape.nothing if shape.partial else "")
            if not known:
                yield Problem("row_slipped_in", f"{shape.label}/{key}")
            elif known != digest:
                yield Problem("row_edited", f"{shape.label}/{key}")
    if fold.count(number) > found:
        yield from _missing(model, shape, fold)


def _missing(model: type[models.Model], shape: Shape, fold: Fold) -> Iterator[Problem]:
    number = fold.number(shape.label)
    for keys in fold.keys(number, BATCH):
        held = model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)
        there = {str(key) for key in held}
        for key in keys:
            if key not in there:
                yield Problem("row_missing", f"{shape.label}/{key}")
