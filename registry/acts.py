"""Acts that need proof but belong to no single letter, each chained to the one before it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ledger.problems import Problem
from org.models import User
from registry import chain
from registry.models.acts import Act
from registry.numbered_chain import check_links

_TRIES: Final = 20  # concurrent writers retry


def record_act(kind: str, *, actor: User | None, data: dict[str, Any]) -> Act:
    """Write the act, in the caller's transaction; `data` holds plain JSON.

    Raise RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an act belongs inside a transaction")
    for attempt in range(_TRIES):
        try:
            with transaction.atomic():
                return _write(kind, actor, chain.canonical(data))
        except IntegrityError:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _write(kind: str, actor: User | None, data: dict[str, Any]) -> Act:
    last = Act.objects.order_by("-seq").first()
    act = Act(
        seq=last.seq + 1 if last else 1,
        at=timezone.now(),
        actor=actor,
        kind=kind,
        data=data,
        previous_hash=last.hash if last else "",
    )
    act.hash = act_hash(act)
    act.save(force_insert=True)
    return act


def act_hash(act: Act) -> str:
    """Return the hash over all columns of an act and the hash of the act before it."""
    at: datetime = act.at
    return chain.digest([act.seq, at, act.actor_id, act.kind, act.data, act.previous_hash])


def check_acts() -> Iterator[Problem]:
    """Yield a problem for each act that was altered and each that is missing from the chain."""
    yield from check_links(Act.objects.all(), hash_of=act_hash, name="act")
