"""What a letter's history holds of it: what never happened need not be queried."""

from dataclasses import dataclass

from registry.changes import history_of
from registry.kinds import EventKind
from registry.models.events import LetterEvent
from registry.models.letters import Letter

MOST = 500  # events; a letter with more of them is looked through


@dataclass(frozen=True, slots=True)
class Happened:
    """The newest events of a letter, in order, and the kinds that are among them."""

    events: list[LetterEvent]
    kinds: frozenset[str]

    def any_of(self, *kinds: EventKind) -> bool:
        """Return whether one of them happened, or may have among events too old to be here."""
        return len(self.events) >= MOST or not self.kinds.isdisjoint(kinds)


def happened_to(letter: Letter) -> Happened:
    """Return what happened to the letter, in one query."""
    events = history_of(letter.pk, limit=MOST)
    return Happened(events, frozenset(str(event.kind) for event in events))
