"""Marks on the letters of a list: urgent, taken up again, rated, what the sender did since."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Max

from org.compiled_queries import CompiledQuery, filled_up
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import Stage
from routing.kinds import RoutingEvent
from routing.models.closing import Reopening, Satisfaction
from routing.models.suggestions import Suggestion

BY_SENDER: Final = (RoutingEvent.PIECES_ADDED, RoutingEvent.ADDED_UNASKED, RoutingEvent.PIECE_ADDED)

_AGAIN: Final = CompiledQuery(
    lambda *ids: (
        Reopening.objects.filter(letter__in=ids)
        .order_by("at")
        .values_list("letter_id", "by_citizen")
    )
)
_SCORES: Final = CompiledQuery(
    lambda *ids: Satisfaction.objects.filter(letter__in=ids).values_list("letter_id", "score")
)
_THEIRS: Final = CompiledQuery(
    lambda *ids: (
        LetterEvent.objects.filter(letter__in=ids, actor=None, kind__in=BY_SENDER)
        .order_by()
        .values_list("letter_id")
        .annotate(newest=Max("seq"))
    )
)
_URGENT: Final = CompiledQuery(
    lambda *ids: (
        Suggestion.objects.filter(letter__in=ids, field=Suggestion.Field.URGENCY, current=True)
        .exclude(decision=Suggestion.Decision.CORRECTED)
        .order_by()
        .values_list("letter_id")
    )
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a row of a list shows of a letter, besides its stage.

    `reopened`: "citizen" or "staff", while it is in hand again; `score`: the rating, 0 without one;
    `added`: the sender has added something since anybody of the office did something; `urgent`: the
    letter says that it is.
    """

    reopened: str = ""
    score: int = 0
    added: bool = False
    urgent: bool = False


def marks_of(letters: Collection[Letter]) -> dict[UUID, Marks]:
    """Return the marks of each letter; five queries, however many letters."""
    ids = [letter.pk for letter in letters]
    in_hand = [letter.pk for letter in letters if letter.stage == Stage.IN_HAND]
    again = dict(_AGAIN.rows(*filled_up(in_hand))) if in_hand else {}
    scores = dict(_SCORES.rows(*filled_up(ids))) if ids else {}
    added = _added(ids)
    urgent = {pk for (pk,) in _URGENT.rows(*filled_up(ids))} if ids else set()
    return {
        pk: Marks(
            reopened="" if pk not in again else "citizen" if again[pk] else "staff",
            score=scores.get(pk, 0),
            added=pk in added,
            urgent=pk in urgent,
        )
        for pk in ids
    }


def says_urgent(rows: Iterable[Suggestion]) -> bool:
    """Whether the letter of these current suggestions says that it is urgent."""
    wrong = Suggestion.Decision.CORRECTED
    return any(row.field == Suggestion.Field.URGENCY and row.decision != wrong for row in rows)


def _added(ids: Sequence[UUID]) -> set[UUID]:
    """Return the letters to which the sender added something that nobody has acted on since."""
    theirs = dict(_THEIRS.rows(*filled_up(ids))) if ids else {}
    if not theirs:
        return set()
    events = LetterEvent.objects.filter(letter__in=theirs, actor__isnull=False).order_by()
    ours = dict(events.values_list("letter_id").annotate(newest=Max("seq")))
    return {pk for pk, seq in theirs.items() if seq > ours.get(pk, 0)}
