"""Letters that hang together by answers: all of a chain go, or none."""

from collections.abc import Iterable
from uuid import UUID

from registry.models.letters import ReplyLink


def kin_of(letter_id: UUID) -> set[UUID]:
    """Return the letter and all that hang together with it by answers and are not gone."""
    (found,) = chains_of([letter_id])
    return found


def chains_of(letter_ids: Iterable[UUID]) -> list[set[UUID]]:
    """Return the chains in which these letters stand, each once; a letter alone is one, too."""
    beside: dict[UUID, set[UUID]] = {pk: set() for pk in letter_ids}
    given, new = list(beside), set(beside)
    while new:
        reached: set[UUID] = set()
        for one, other in _links(new):
            beside[one].add(other)
            reached |= {other} - beside.keys()
        beside |= {pk: set() for pk in reached}
        new = reached
    chains: list[set[UUID]] = []
    seen: set[UUID] = set()
    for pk in given:
        if pk not in seen:
            chains.append(_joined(pk, beside))
            seen |= chains[-1]
    return chains


def _links(letters: set[UUID]) -> set[tuple[UUID, UUID]]:
    """Return pairs of each of these letters with what it answers and what answers it."""
    answers = ReplyLink.objects.filter(incoming__in=letters, outgoing__disposal=None)
    asked = ReplyLink.objects.filter(outgoing__in=letters, incoming__disposal=None)
    return {
        *answers.values_list("incoming", "outgoing"),
        *asked.values_list("outgoing", "incoming"),
    }


def _joined(start: UUID, beside: dict[UUID, set[UUID]]) -> set[UUID]:
    found, new = {start}, [start]
    while new:
        further = beside[new.pop()] - found
        found |= further
        new += further
    return found
