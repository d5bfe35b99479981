"""The only way to change a registered letter: rows, one event and one index job together."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from jobs.kinds import JobKind
from jobs.outbox import enqueue_all
from org.models import User
from registry import chain
from registry.kinds import EventKind, RegistryEvent, RegistryJob
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import MOVES, ConflictError


def record_change(
    letter: Letter,
    kind: EventKind,
    *,
    actor: User | None,
    data: dict[str, Any] | None = None,
    rows: Iterable[Model] = (),
    changes: dict[str, Any] | None = None,
    stage: str = "",
    visibility: str = LetterEvent.Visibility.STAFF,
    quiet: bool = False,
) -> LetterEvent:
    """Apply `changes` to the letter's columns and write the event that proves them.

    `rows` are the other sealed rows that the caller has just written for this letter. The letter is
    locked first, brought up to date in place, and is indexed; people get news, unless `quiet`.
    `data` holds plain JSON. Raise RuntimeError outside a transaction, ConflictError (for a stub).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a change belongs inside a transaction")
    lock_whole(letter)
    moved, told = _moved(letter, stage)
    changes = {**(changes or {}), **moved}
    for name, value in changes.items():
        setattr(letter, name, value)
    previous, letter.version = letter.chain_head, letter.version + 1
    event = make_event(
        letter,
        kind,
        actor=actor,
        at=timezone.now(),
        data={**(data or {}), **told},
        rows=rows,
        previous_hash=previous,
        visibility=visibility,
    )
    event.save(force_insert=True)
    letter.chain_head = event.hash
    letter.save(update_fields=[*changes, "version", "chain_head"])
    return _followed(event, kind, quiet=quiet)


def _followed(event: LetterEvent, kind: EventKind, *, quiet: bool) -> LetterEvent:
    """Queue what follows from an event, and return it: the index; for news whom they concern."""
    follows: list[tuple[JobKind, object]] = [(RegistryJob.LETTER_INDEX, event.letter_id)]
    if kind.is_news and not quiet:
        follows.append((RegistryJob.NOTICE_SPREAD, f"{event.letter_id}:{event.seq}"))
    enqueue_all(follows)
    return event


def _moved(letter: Letter, stage: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the column to change for a move to this stage, and the event's data about it."""
    if not stage or stage == letter.stage:
        return {}, {}
    if stage not in MOVES[letter.stage]:
        raise ConflictError
    return {"stage": stage}, {"stage_from": str(letter.stage), "stage_to": str(stage)}


def lock_whole(letter: Letter) -> None:
    """Lock a letter of which more than the stub is left; raise ConflictError otherwise."""
    lock(letter)
    if letter.disposal_id is not None:
        raise ConflictError


def lock(letter: Letter) -> None:
    """Lock the letter's row and load its present columns."""
    present = Letter.objects.select_for_update().get(pk=letter.pk)
    for field in Letter._meta.concrete_fields:
        value = getattr(present, field.attname)
        if getattr(letter, field.attname) != value:
            setattr(letter, field.attname, value)


def make_event(
    letter: Letter,
    kind: EventKind,
    *,
    actor: User | None,
    at: datetime,
    data: dict[str, Any],
    rows: Iterable[Model],
    previous_hash: str,
    visibility: str,
) -> LetterEvent:
    """Return the event for the letter's present version, sealed and hashed, not yet saved."""
    plain = chain.canonical(data)
    seals = chain.seals_of([letter, *rows])
    actor_id = actor.pk if actor else None
    return LetterEvent(
        letter=letter,
        seq=letter.version,
        at=at,
        actor_id=actor_id,
        kind=str(kind),
        visibility=visibility,
        data=plain,
        seals=seals,
        previous_hash=previous_hash,
        hash=chain.event_hash(
            letter_id=letter.pk,
            seq=letter.version,
            at=at,
            actor_id=actor_id,
            kind=str(kind),
            visibility=visibility,
            data=plain,
            seals=seals,
            previous_hash=previous_hash,
        ),
    )


def move_stage(
    letter: Letter,
    new: str,
    *,
    actor: User | None,
    kind: EventKind = RegistryEvent.STAGE,
    data: dict[str, Any] | None = None,
    rows: Iterable[Model] = (),
    changes: dict[str, Any] | None = None,
    visibility: str = LetterEvent.Visibility.CITIZEN,
) -> LetterEvent | None:
    """Move the letter to another stage; None where it is there already (nothing is written).

    Raise ConflictError when its present stage does not allow the move.
    """
    lock(letter)
    old = letter.stage
    if old == new:
        return None
    if new not in MOVES[old]:
        raise ConflictError
    return record_change(
        letter,
        kind,
        actor=actor,
        data={"from": old, "to": new, **(data or {})},
        rows=rows,
        changes={"stage": new, **(changes or {})},
        visibility=visibility,
    )


def history_of(letter_id: UUID, *, citizen: bool = False, limit: int = 500) -> list[LetterEvent]:
    """Return a letter's events in order, the newest `limit`; for a citizen only theirs."""
    events = LetterEvent.objects.filter(letter_id=letter_id).select_related("actor")
    if citizen:
        events = events.filter(visibility=LetterEvent.Visibility.CITIZEN)
    return list(reversed(events.order_by("-seq")[:limit]))
