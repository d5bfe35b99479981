"""Verification of gaps, chains, seals, closings and files; every problem names its row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import Exists, Model, OuterRef, QuerySet

from identity import append_only as security
from ledger import append_only as ledger_guards
from ledger.guards import check_triggers
from ledger.proving import check_ledger
from ledger.unreadable import going_on, read_in_parts, unreadable
from registry import append_only, chain
from registry.acts import check_acts
from registry.book.emptied_events import kept_columns
from registry.book.proving import Problem, check_books
from registry.disposal.proving import check_disposals, decided, is_proven
from registry.kinds import RegistryEvent
from registry.models.disposal import DisposalEntry
from registry.models.events import LetterEvent
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.readings import DocumentReading, ReadingPage
from registry.models.sealed import Sealed
from registry.originals import check_files
from registry.proof.proving import check_proof
from registry.reading.readings import page_digest

__all__ = [
    "Problem",
    "add_check",
    "hash_again",
    "sealed_models",
    "verify_letters",
    "verify_register",
]

BATCH = 500
_TRIES = 5  # for letters that are changed while they are read
PAGES = 100  # page rows looked at together, some megabytes


@dataclass(slots=True)
class _Fold:
    """What the events of one letter state."""

    version: int
    seals: dict[str, str] = field(default_factory=dict)
    count: int = 0
    last_hash: str = ""
    kept: list[list[Any]] = field(default_factory=list)  # of each event, what disposal leaves
    emptied: list[LetterEvent] = field(default_factory=list)  # events without the data they had


def verify_register(
    *,
    files: bool = True,
    ledger: bool = True,
    progress: Callable[[str, int], None] | None = None,
) -> Iterator[Problem]:
    """Check everything, batch by batch; memory does not grow with the archive.

    Without `ledger`, what the letters prove by themselves: neither triggers nor entries.
    """
    progress = progress or (lambda _what, _count: None)
    checks = [check_books(), _check_letters(Letter.objects.all(), progress), _check_stray_events()]
    checks += [check_acts(), check_disposals(), *(check() for check in _more)]
    if ledger:
        checks += [check_guards(), check_ledger(), check_proof()]
    if files:
        checks.append(check_files(StoredFile.objects.all(), progress))
    for check in checks:
        yield from going_on(check)


_more: list[Callable[[], Iterator[Problem]]] = []


def add_check(check: Callable[[], Iterator[Problem]]) -> None:
    """Have `verify_register` check what a room above keeps."""
    if check not in _more:
        _more.append(check)


def check_guards() -> Iterator[Problem]:
    """Yield a problem for each trigger of an append-only table that is not as it was made."""
    for made in (append_only, security, ledger_guards):
        yield from check_triggers(connection, made.statements(connection))


def verify_letters(letters: QuerySet[Letter], *, files: bool = True) -> Iterator[Problem]:
    """Check these letters alone: their events, rows, pages and files.

    Checks no numbers, closings or registers' chains, so it misses a letter that is lost with all
    its rows: that takes `verify_register`.
    """

    def progress(_what: str, _count: int) -> None:
        pass

    yield from _check_letters(letters, progress)
    if files:
        held = StoredFile.objects.filter(document__letter__in=letters).distinct()
        yield from check_files(held, progress)


def _check_letters(
    asked: QuerySet[Letter], progress: Callable[[str, int], None]
) -> Iterator[Problem]:
    done, last = 0, UUID(int=0)
    while True:
        ids = list(asked.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        last = ids[-1]
        letters, lost = read_in_parts(ids, _letters)
        problems, unread = read_in_parts(letters, _check_settled)
        yield from problems
        for pk in [*lost, *(letter.pk for letter in unread)]:
            yield unreadable(f"registry.letter/{pk}")
        done += len(ids)
        progress("letters", done)


def _letters(ids: Sequence[UUID]) -> QuerySet[Letter]:
    return Letter.objects.filter(pk__in=ids).order_by("pk")


def _check_settled(letters: Sequence[Letter]) -> Iterator[Problem]:
    """Yield what is wrong with these letters; those that people changed meanwhile are read again.

    Their rows were read one kind after the other, so a change in between would appear as a forgery.
    """
    found = list(_check_rows(letters))
    for _try in range(_TRIES):
        if not found:
            return
        rows = Letter.objects.filter(pk__in=[one.pk for one in letters])
        now = dict(rows.values_list("pk", "version"))
        moved = [one.pk for one in letters if now.get(one.pk) != one.version]
        if not moved:
            break
        yield from _check_rows([one for one in letters if one.pk not in moved])
        letters = list(Letter.objects.filter(pk__in=moved).order_by("pk"))
        found = list(_check_rows(letters))
    yield from found


def _check_rows(letters: Sequence[Letter]) -> Iterator[Problem]:
    folds: dict[UUID, _Fold] = {letter.pk: _Fold(letter.version) for letter in letters}
    yield from _check_events(folds)
    yield from _check_versions(letters, folds)
    yield from _check_seals(folds)
    yield from _check_pages(list(folds))


def _check_events(folds: dict[UUID, _Fold]) -> Iterator[Problem]:
    events = LetterEvent.objects.filter(letter_id__in=folds).order_by("letter_id", "seq")
    entries = decided(folds)
    for event in events.iterator(chunk_size=1000):
        fold = folds[event.letter_id]
        key = chain.row_key(event)
        fold.count += 1
        if event.seq != fold.count:
            yield Problem("event_missing", key, _lost_event(event.letter_id, fold.count))
            fold.count = event.seq
        if event.previous_hash != fold.last_hash:
            yield Problem("letter_chain", key)
        if event.hash != hash_again(event) or (event.register_hash and event.seq > 1):
            if event.data or (event.register_hash and event.seq > 1):
                yield Problem("event_edited", key)
            else:
                fold.emptied.append(event)
        elif not _begin_anew(fold, event, entries.get(event.letter_id)):
            yield Problem("disposal_undecided", key)
        fold.last_hash = event.hash
        fold.kept.append(kept_columns(event))
        if isinstance(event.seals, dict):
            fold.seals.update(event.seals)
    for fold in folds.values():
        for event in fold.emptied:
            yield Problem("event_edited", chain.row_key(event))


def _begin_anew(fold: _Fold, event: LetterEvent, entry: DisposalEntry | None) -> bool:
    """Fold a disposal: rows that it does not seal are gone, events before it may have no data.

    Return False for one that is no last event, or of no entry that two people decided on record.
    """
    if event.kind != RegistryEvent.DISPOSED:
        return True
    last = event.seq == fold.version
    if not last or not is_proven(event, entry, chain.digest(fold.kept)):
        return False
    fold.seals, fold.emptied = {}, []
    return True


def _lost_event(letter_id: UUID, seq: int) -> str:
    return f"event {seq} of letter {letter_id} is missing"


def hash_again(event: LetterEvent) -> str:
    """Return the hash that an event has by what stands in its columns."""
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


def _check_versions(letters: Sequence[Letter], folds: dict[UUID, _Fold]) -> Iterator[Problem]:
    for letter in letters:
        fold = folds[letter.pk]
        if fold.count != letter.version or fold.last_hash != letter.chain_head:
            detail = _lost_event(letter.pk, fold.count + 1) if fold.count < letter.version else ""
            yield Problem("history_cut", chain.row_key(letter), detail or letter.number)


def _check_stray_events() -> Iterator[Problem]:
    """Yield a problem for events of letters that do not exist."""
    letters = Letter.objects.filter(pk=OuterRef("letter_id"))
    for pk in LetterEvent.objects.filter(~Exists(letters)).values_list("pk", flat=True):
        yield Problem("event_without_letter", f"registry.letterevent/{pk}")


def _check_seals(folds: dict[UUID, _Fold]) -> Iterator[Problem]:
    """Check that every sealed row is as last sealed; none is missing, none was inserted."""
    promised: dict[str, dict[str, str]] = {}
    for fold in folds.values():
        for key, seal in fold.seals.items():
            promised.setdefault(key.partition("/")[0], {})[key] = seal
    for model in sealed_models():
        expected = promised.get(model._meta.label_lower, {})
        shared = model is StoredFile  # rows that many letters share are looked up by their keys
        rows = _rows_of_keys(model, expected) if shared else _rows_of(model, list(folds))
        for row in rows:
            seal = expected.pop(chain.row_key(row), "")
            if not seal:
                yield Problem("row_slipped_in", chain.row_key(row))
            elif seal != chain.row_seal(row):
                yield Problem("row_edited", chain.row_key(row), _number_of(row))
        for key in expected:
            yield Problem("row_missing", key)


def sealed_models() -> list[type[Sealed]]:
    """Return every table whose rows are sealed in events, of this layer and of those above."""
    return [model for model in apps.get_models() if issubclass(model, Sealed)]


def _rows_of(model: type[Sealed], letter_ids: list[UUID]) -> Iterator[Model]:
    rows: Any = model._default_manager.filter(**{f"{model.LETTER}__in": letter_ids})
    return iter(rows.iterator(chunk_size=1000))


def _rows_of_keys(model: type[Sealed], keys: dict[str, str]) -> Iterator[Model]:
    ids = [key.partition("/")[2] for key in keys]
    for start in range(0, len(ids), BATCH):
        yield from model._default_manager.filter(pk__in=ids[start : start + BATCH])


def _check_pages(letter_ids: list[UUID]) -> Iterator[Problem]:
    """Check that every page that a reading names exists and has the content of its digest."""
    rows = DocumentReading.objects.filter(document__letter_id__in=letter_ids)
    named: dict[tuple[UUID, str], str] = {}  # (document, digest) -> the reading that names it
    for reading in rows.defer("text").iterator(chunk_size=10):
        for page in reading.pages if isinstance(reading.pages, list) else ():
            digest = page.get("digest", "") if isinstance(page, dict) else ""
            named[(reading.document_id, str(digest))] = chain.row_key(reading)
            if len(named) == PAGES:
                yield from _check_named(named)
                named = {}
    yield from _check_named(named)


def _check_named(named: dict[tuple[UUID, str], str]) -> Iterator[Problem]:
    missing = dict(named)
    documents, digests = {key[0] for key in named}, {key[1] for key in named}
    rows = ReadingPage.objects.filter(document_id__in=documents, digest__in=digests)
    for row in rows.iterator(chunk_size=10):
        missing.pop((row.document_id, row.digest), None)
        if page_digest(row.text, row.words) != row.digest:
            yield Problem("row_edited", chain.row_key(row))
    for (_document, digest), reading in missing.items():
        yield Problem("page_missing", reading, digest)


def _number_of(row: Model) -> str:
    return row.number if isinstance(row, Letter) else ""
