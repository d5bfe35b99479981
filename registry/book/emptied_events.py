"""Events whose data a disposal has emptied: what they keep, and the digest that proves it."""

from collections.abc import Iterable
from typing import Any

from registry import chain
from registry.models.events import LetterEvent


def kept_columns(event: LetterEvent) -> list[Any]:
    """Return the columns that an event keeps when its data are emptied."""
    actor, hashes = event.actor_id, (event.previous_hash, event.hash, event.register_hash)
    return [event.seq, event.at, actor, event.kind, event.visibility, event.seals, *hashes]


def digest_of(events: Iterable[LetterEvent]) -> str:
    """Return the digest of what these events keep, which the disposal's own event seals."""
    return chain.digest([kept_columns(event) for event in events])
