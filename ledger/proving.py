"""Verification of the ledger: its entries against the log, every covered row against its entries.

Entries are folded in the order of the log into a file of their own, so memory stays flat. People
work on meanwhile: a row that seems wrong is checked again with the entries that came since.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Cast

from ledger.coverage import Shape, covered_models
from ledger.folding import Fold
from ledger.models import LedgerEntry
from ledger.problems import Problem
from ledger.sequencing import waiting
from ledger.unreadable import is_unreadable, read_in_parts, unreadable

BATCH: Final = 1000
_NO_DIGEST: Final = "unreadable"  # equal to no digest
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
    for part, lost in _parts(model, shape):
        for key in lost:
            yield unreadable(f"{shape.label}/{key}")
        told = fold.digests(number, [key for key, _digest in part])
        found += len(told)
        wrong = [key for key, digest in part if _wrong(shape, told.get(key, ""), digest)]
        yield from _judged_again(model, shape, fold, wrong)
    if fold.count(number) > found:
        yield from _missing(model, shape, fold)


def _parts(
    model: type[models.Model], shape: Shape
) -> Iterator[tuple[list[tuple[str, str]], list[str]]]:
    """Yield the rows batch by batch: keys with digests, and the keys of those not to be read."""
    stream = _rows(model, shape).iterator(chunk_size=BATCH)
    last = None
    try:
        while part := list(islice(stream, BATCH)):
            lines = [shape.line(row) for row in part]
            last = part[-1][0]
            yield lines, []
    except Exception as error:
        if not is_unreadable(error):
            raise
    else:
        return
    rest = model._base_manager.filter(**({} if last is None else {"pk__gt": last}))
    raw = rest.order_by("pk").annotate(raw_key=Cast("pk", models.TextField()))
    keys = raw.values_list("raw_key", flat=True).iterator(chunk_size=BATCH)
    while some := list(islice(keys, BATCH)):
        known, unknown = read_in_parts(some, lambda part: [_key(model, one) for one in part])
        lines, lost = read_in_parts(known, lambda part: _lines(model, shape, part))
        yield lines, [*unknown, *map(str, lost)]


def _rows(model: type[models.Model], shape: Shape) -> Any:
    return model._base_manager.order_by("pk").values_list(*shape.names)


def _lines(
    model: type[models.Model], shape: Shape, keys: Sequence[Any]
) -> Iterator[tuple[str, str]]:
    return map(shape.line, _rows(model, shape).filter(pk__in=keys))


def _key(model: type[models.Model], raw: str) -> Any:
    """Return a key as the database keeps it. Raise ValueError where it is none."""
    try:
        return model._meta.pk.to_python(raw)
    except ValidationError as error:
        raise ValueError(raw) from error


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
    for _try in range(_TRIES):
        if not keys:
            return
        before = _since(shape.label, keys, fold)
        lines, lost = read_in_parts(keys, lambda part: _lines(model, shape, part))
        held = dict(lines) | dict.fromkeys(lost, _NO_DIGEST)
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
