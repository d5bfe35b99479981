"""Effects of a change of calendar or rules: shown before it is confirmed, then applied by a job."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from jobs.outbox import enqueue
from org.models import User
from registry.acts import record_act
from registry.models.acts import Act
from routing.acting.errors import NotAllowedError
from routing.clocks.due import Move, recompute_due_dates
from routing.kinds import RoutingJob

SHOWN = 200
CALENDAR_CHANGED, DEADLINE_CHANGED = "calendar_changed", "deadline_changed"
_WHY = {CALENDAR_CHANGED: "calendar", DEADLINE_CHANGED: "rule"}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How many open letters would move, and the first of them by their present due date."""

    total: int
    first: tuple[Move, ...]


def foreseen(moves: Iterable[Move]) -> Foreseen:
    """Count all moves and keep the most urgent ones."""
    total = 0

    def counted() -> Iterable[Move]:
        nonlocal total
        for move in moves:
            total += 1
            yield move

    first = heapq.nsmallest(SHOWN, counted(), key=lambda m: (m.before or date.max, m.number))
    return Foreseen(total, tuple(first))


def record_edit(kind: str, *, actor: User | None, data: dict[str, Any]) -> Act:
    """Record the change and queue the job that recomputes the open letters, in the transaction."""
    act = record_act(kind, actor=actor, data=data)
    enqueue(RoutingJob.CLOCKS_RECOMPUTE, act.seq)
    return act


def recompute_work(act_seq: str, progress: Callable[[int, int], None]) -> int:
    """Recompute the open letters after a change; the history of each that moved records it.

    One short transaction a letter: a worker that is killed resumes where it was.
    """
    act = Act.objects.select_related("actor").get(seq=int(act_seq))
    return recompute_due_dates(actor=act.actor, why=_WHY.get(act.kind, ""), progress=progress)


def need_administrator(actor: User) -> None:
    """Raise NotAllowedError for anybody but an administrator."""
    if not actor.is_active or actor.duty != User.Duty.ADMINISTRATOR:
        raise NotAllowedError(_("Only an administrator may change this."))
