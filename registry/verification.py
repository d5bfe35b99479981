"""verify_register: gaps, chains, seals, closings and files; every problem names its row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from registry import chain
from registry.closing import closing_hash
from registry.models import (
    DailyClosing,
    Letter,
    LetterEvent,
    NumberSeries,
    Register,
    Sealed,
    StoredFile,
    VoidRequest,
)
from registry.vault import hash_of

BATCH = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong (a stable code), where (row as `app.model/id`), and a word to a person."""

    code: str
    row: str
    detail: str = ""

    def as_json(self) -> dict[str, str]:
        """For `verify_register --json`."""
        return {"code": self.code, "row": self.row, "detail": self.detail}


@dataclass(slots=True)
class _Fold:
    """What the events of one letter promise."""

    seals: dict[str, str] = field(default_factory=dict)
    count: int = 0
    last_hash: str = ""


def verify_register(
    *, files: bool = True, progress: Callable[[str, int], None] | None = None
) -> Iterator[Problem]:
    """Check everything, batch by batch; memory does not grow with the archive."""
    told = progress or (lambda _what, _count: None)
    yield from _check_series()
    yield from _check_letters(told)
    yield from _check_shared()
    yield from _check_closings()
    if files:
        yield from _check_files(told)


def _check_series() -> Iterator[Problem]:
    """Numbers 1..last without gap, and the chain from the first registration to the head."""
    for series in NumberSeries.objects.select_related("register"):
        key = f"registry.numberseries/{series.pk}"
        if series.register.direction == Register.Direction.MINUTES:
            count = VoidRequest.objects.filter(
                minute_number__isnull=False, decided_at__year__gte=series.year - 1
            ).count()
            if VoidRequest.objects.exists() and count < series.last:
                yield Problem("gap", key, f"{series.last} minutes taken, {count} found")
            continue
        yield from _check_chain(series, key)


def _check_chain(series: NumberSeries, key: str) -> Iterator[Problem]:
    head, expected = "", 1
    rows = (
        LetterEvent.objects.filter(
            letter__register=series.register_id, letter__year=series.year, seq=1
        )
        .order_by("letter__serial")
        .values_list("letter__serial", "letter__number", "hash", "register_hash", "pk")
    )
    for serial, number, value, register_hash, pk in rows.iterator(chunk_size=2000):
        while expected < serial:
            yield Problem("gap", key, f"serial {expected} is missing before {number}")
            expected += 1
        expected = serial + 1
        head = chain.chained(head, value)
        if head != register_hash:
            yield Problem("register_chain", f"registry.letterevent/{pk}", number)
            head = register_hash
    for missing in range(expected, series.last + 1):
        yield Problem("gap", key, f"serial {missing} is missing at the end")
    if series.last < expected - 1:
        yield Problem("series_behind", key, f"last is {series.last}, found {expected - 1}")
    if head != series.chain_head:
        yield Problem("register_head", key)


def _check_letters(told: Callable[[str, int], None]) -> Iterator[Problem]:
    done, last = 0, UUID(int=0)
    while True:
        letters = list(Letter.objects.filter(pk__gt=last).order_by("pk")[:BATCH])
        if not letters:
            return
        last = letters[-1].pk
        folds: dict[UUID, _Fold] = {letter.pk: _Fold() for letter in letters}
        yield from _check_events(folds)
        yield from _check_versions(letters, folds)
        yield from _check_seals(folds)
        done += len(letters)
        told("letters", done)


def _check_events(folds: dict[UUID, _Fold]) -> Iterator[Problem]:
    events = LetterEvent.objects.filter(letter_id__in=folds).order_by("letter_id", "seq")
    for event in events.iterator(chunk_size=1000):
        fold = folds[event.letter_id]
        key = f"registry.letterevent/{event.pk}"
        fold.count += 1
        if event.seq != fold.count:
            yield Problem("event_missing", key, f"event {fold.count} of the letter is missing")
            fold.count = event.seq
        if event.previous_hash != fold.last_hash:
            yield Problem("letter_chain", key)
        if event.hash != _hash_again(event):
            yield Problem("event_edited", key)
        fold.last_hash = event.hash
        fold.seals.update(event.seals)


def _hash_again(event: LetterEvent) -> str:
    return chain.event_hash(
        letter_id=event.letter_id,
        seq=event.seq,
        at=event.at,
        actor_id=event.actor_id,
        kind=event.kind,
        visibility=event.visibility,
        data=event.data,
        seals=event.seals,
        previous_hash=event.previous_hash,
    )


def _check_versions(letters: list[Letter], folds: dict[UUID, _Fold]) -> Iterator[Problem]:
    for letter in letters:
        fold = folds[letter.pk]
        if fold.count != letter.version or fold.last_hash != letter.chain_head:
            yield Problem("history_cut", chain.row_key(letter), letter.number)


def _check_seals(folds: dict[UUID, _Fold]) -> Iterator[Problem]:
    """Every sealed row stands as it was last sealed; none is missing, none was slipped in."""
    promised: dict[str, dict[str, str]] = {}
    for fold in folds.values():
        for key, seal in fold.seals.items():
            promised.setdefault(key.partition("/")[0], {})[key] = seal
    for model in sealed_models():
        label = model._meta.label_lower
        expected = {} if model is StoredFile else dict(promised.get(label, {}))
        if model is StoredFile:
            continue
        for row in _rows_of(model, list(folds)):
            seal = expected.pop(chain.row_key(row), "")
            if not seal:
                yield Problem("row_slipped_in", chain.row_key(row))
            elif seal != chain.row_seal(row):
                yield Problem("row_edited", chain.row_key(row), _number_of(row))
        for key in expected:
            yield Problem("row_missing", key)


def sealed_models() -> list[type[Sealed]]:
    """Every table whose rows are sealed in events, of this storey and of those above."""
    return [model for model in apps.get_models() if issubclass(model, Sealed)]


def _rows_of(model: type[Sealed], letter_ids: list[UUID]) -> Iterator[Model]:
    rows: Any = model._default_manager.filter(**{f"{model.LETTER}__in": letter_ids})
    return iter(rows.iterator(chunk_size=1000))


def _number_of(row: Model) -> str:
    return row.number if isinstance(row, Letter) else ""


def _check_shared() -> Iterator[Problem]:
    """Rows that many letters share: the newest seal of each counts (files, registers)."""
    yield from _compare_shared(StoredFile, "registry.storedfile/")
    newest: dict[str, str] = {}
    for register in Register.objects.all():
        event = (
            LetterEvent.objects.filter(letter__register=register, seq=1)
            .order_by("-letter__year", "-letter__serial")
            .first()
        )
        key = chain.row_key(register)
        if event and key in event.seals:
            newest[key] = event.seals[key]
            if newest[key] != chain.row_seal(register):
                yield Problem("row_edited", key, register.code)


def _compare_shared(model: type[StoredFile], prefix: str) -> Iterator[Problem]:
    """Files never change, so each must match the seal of the first letter that used it."""
    rows = model.objects.filter(document__isnull=False).distinct().order_by("pk")
    for row in rows.iterator(chunk_size=1000):
        key = f"{prefix}{row.pk}"
        event = LetterEvent.objects.filter(letter__documents__file=row, seq=1).first()
        if event is not None and event.seals.get(key) not in {chain.row_seal(row)}:
            yield Problem("row_edited", key)


def _check_closings() -> Iterator[Problem]:
    previous: dict[int, DailyClosing] = {}
    for closing in DailyClosing.objects.order_by("series", "sequence").iterator(chunk_size=100):
        key = f"registry.dailyclosing/{closing.pk}"
        before = previous.get(closing.series_id)
        if closing.hash != closing_hash(closing):
            yield Problem("closing_edited", key)
        if closing.previous_hash != (before.hash if before else "") or (
            closing.sequence != (before.sequence if before else 0) + 1
        ):
            yield Problem("closing_missing", key)
        yield from _check_heads(closing, key)
        previous[closing.series_id] = closing


def _check_heads(closing: DailyClosing, key: str) -> Iterator[Problem]:
    for start in range(0, len(closing.heads), BATCH):
        part = closing.heads[start : start + BATCH]
        events = LetterEvent.objects.filter(letter_id__in=[head[0] for head in part])
        found = {
            (str(letter_id), seq): value
            for letter_id, seq, value in events.values_list("letter_id", "seq", "hash")
        }
        for letter_id, seq, value in part:
            if found.get((letter_id, seq)) != value:
                yield Problem("closed_event_gone", key, f"registry.letter/{letter_id} #{seq}")


def _check_files(told: Callable[[str, int], None]) -> Iterator[Problem]:
    for done, file in enumerate(StoredFile.objects.order_by("pk").iterator(chunk_size=500), 1):
        actual = hash_of(file.sha256)
        if actual != file.sha256:
            code = "file_changed" if actual else "file_missing"
            yield Problem(code, chain.row_key(file), file.sha256)
        told("files", done)
