"""The export for an independent verification: lines of JSON that explain themselves.

entries: place, leaf, and what the leaf hides (nonce, lines). rows: the digest of each covered row
as it stands. events, acts and closings: their columns as they are hashed, so that chains and
digests are computed again. checkpoints and anchors: signed notes and what came back.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from django.db import models

from ledger.canonical import canonical
from ledger.coverage import covered_models, shape_of
from ledger.leaves import leaf_of
from ledger.models import LedgerCheckpoint, LedgerEntry
from registry.models.acts import Act
from registry.models.anchors import Anchor
from registry.models.closings import DailyClosing
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.registers import NumberSeries

_AT_ONCE: Final = 1000
Row = dict[str, Any]


def export_proof(folder: Path) -> dict[str, int]:
    """Write each part into a file of its own; return how many lines each has."""
    return {name: _write(folder / f"{name}.jsonl", make()) for name, make in _PARTS.items()}


def _write(path: Path, rows: Iterator[Row]) -> int:
    count = 0
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
            count += 1
    return count


def _entries() -> Iterator[Row]:
    rows = LedgerEntry.objects.exclude(place=None).order_by("place")
    for entry in rows.iterator(chunk_size=_AT_ONCE):
        yield {
            "place": entry.place,
            "leaf": leaf_of(entry).decode(),
            "nonce": entry.nonce,
            "lines": entry.lines,
        }


def _waiting() -> Iterator[Row]:
    rows = LedgerEntry.objects.filter(place=None).order_by("id")
    for entry in rows.iterator(chunk_size=_AT_ONCE):
        yield {"leaf": leaf_of(entry).decode(), "nonce": entry.nonce, "lines": entry.lines}


def _rows() -> Iterator[Row]:
    for model in covered_models():
        shape = shape_of(model)
        if shape is None:
            continue
        found: Any = model._base_manager.order_by("pk")
        values = found.values_list(*shape.names)
        for row in values.iterator(chunk_size=_AT_ONCE):
            key, digest = shape.line(row)
            yield {
                "table": shape.label,
                "key": key,
                "digest": digest,
                "empty": shape.partial and digest == shape.nothing,
            }


def _events() -> Iterator[Row]:
    """Yield each event as the text whose SHA-256 its entry records, and the place of its letter."""
    rows = LetterEvent.objects.order_by("letter_id", "seq").select_related("letter")
    for event in rows.iterator(chunk_size=_AT_ONCE):
        letter = event.letter
        yield {
            "key": str(event.pk),
            "register": letter.register_id,
            "year": letter.year,
            "serial": letter.serial,
            "row": row_text(event),
        }


def _acts() -> Iterator[Row]:
    for act in Act.objects.order_by("seq").iterator(chunk_size=_AT_ONCE):
        yield {"key": str(act.pk), "row": row_text(act)}


def _closings() -> Iterator[Row]:
    rows = DailyClosing.objects.order_by("series_id", "sequence")
    for closing in rows.iterator(chunk_size=_AT_ONCE):
        yield {"key": str(closing.pk), "row": row_text(closing)}


def row_text(row: models.Model) -> str:
    """Return the text of a row whose SHA-256 begins with the digest of its entry."""
    shape = shape_of(type(row))
    if shape is None:
        return ""
    columns = zip(shape.fields, shape.columns, strict=True)
    values = [(one.attname, getattr(row, one.attname), empty) for one, (_name, empty) in columns]
    told = {name: value for name, value, empty in values if value is not empty and value != empty}
    return json.dumps(canonical(told), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _series() -> Iterator[Row]:
    for series in NumberSeries.objects.order_by("pk").iterator(chunk_size=_AT_ONCE):
        yield {
            "key": str(series.pk),
            "register": series.register_id,
            "year": series.year,
            "first": series.first,
            "last": series.last,
            "chain_head": series.chain_head,
            "closing_head": series.closing_head,
        }


def _letters() -> Iterator[Row]:
    rows = Letter.objects.order_by("pk").only("pk", "number", "version", "chain_head")
    for letter in rows.iterator(chunk_size=_AT_ONCE):
        yield {
            "key": str(letter.pk),
            "number": letter.number,
            "version": letter.version,
            "chain_head": letter.chain_head,
        }


def _checkpoints() -> Iterator[Row]:
    rows = LedgerCheckpoint.objects.order_by("size")
    for size, note in rows.values_list("size", "note").iterator(chunk_size=_AT_ONCE):
        yield {"size": size, "note": note}


def _anchors() -> Iterator[Row]:
    rows = Anchor.objects.filter(state=Anchor.State.DONE).order_by("size", "way", "place")
    for anchor in rows.iterator(chunk_size=_AT_ONCE):
        proof = bytes(anchor.proof or b"").hex()
        yield {"way": anchor.way, "place": anchor.place, "note": anchor.note, "proof": proof}


_PARTS: Final[dict[str, Callable[[], Iterator[Row]]]] = {
    "entries": _entries,
    "waiting": _waiting,
    "rows": _rows,
    "letters": _letters,
    "events": _events,
    "acts": _acts,
    "series": _series,
    "closings": _closings,
    "checkpoints": _checkpoints,
    "anchors": _anchors,
}
