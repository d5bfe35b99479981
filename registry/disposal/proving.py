"""Proof of disposals: two people decided each on record, and its list agrees with its acts."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from django.db.models import F

from ledger.problems import Problem
from registry import chain
from registry.disposal.files import still_needed
from registry.models.acts import Act
from registry.models.disposal import DisposalEntry, DisposalList, Erasing, GoneFile
from registry.models.events import LetterEvent

PROPOSED: Final = "disposal_proposed"
REVIEWED: Final = "disposal_reviewed"
APPROVED: Final = "disposal_approved"
REFUSED: Final = "disposal_refused"
ORDERED: Final = "disposal_ordered"
EXECUTED: Final = "disposal_executed"
_DONE: Final = DisposalEntry.State.DONE
_State = DisposalList.State


def disposal_values(entry: DisposalEntry) -> dict[str, Any]:
    """Return what the letter's last event records of its entry."""
    return {
        "list": entry.disposal.number,
        "fate": entry.disposal.fate,
        "files": [one["sha256"] for one in entry.files],
        "package": entry.package,
    }


def digest_of(disposal: DisposalList) -> str:
    """Return the digest of the letters that are gone: their numbers, the hashes of their files."""
    rows = disposal.entries.filter(state=_DONE).order_by("letter__number")
    told = rows.values_list("letter__number", "files", "package")
    return chain.digest([list(row) for row in told])


def decided(letter_ids: Iterable[UUID]) -> dict[UUID, DisposalEntry]:
    """Return the entry of each of these letters that two people disposed of, by acts on record."""
    rows = DisposalEntry.objects.filter(letter__in=list(letter_ids), state=_DONE)
    rows = rows.filter(disposal__state__in=[_State.EXECUTING, _State.EXECUTED])
    rows = rows.filter(disposal=F("letter__disposal"))
    rows = rows.exclude(disposal__decided_by=F("disposal__proposed_by"))
    found = {entry.letter_id: entry for entry in rows.select_related("disposal")}
    if not found:
        return {}
    acts = Act.objects.filter(kind__in=[APPROVED, ORDERED]).values_list("kind", "actor", "data")
    told = {(kind, actor, data.get("list")) for kind, actor, data in acts.iterator()}
    return {pk: entry for pk, entry in found.items() if _wanted(entry.disposal) <= told}


def _wanted(disposal: DisposalList) -> set[tuple[str, int | None, str]]:
    return {
        (APPROVED, disposal.decided_by_id, disposal.number),
        (ORDERED, disposal.ordered_by_id, disposal.number),
    }


def is_proven(event: LetterEvent, entry: DisposalEntry | None, before: str) -> bool:
    """Return whether an event `disposed` agrees with its entry, and seals the events before."""
    if entry is None or event.actor_id != entry.disposal.ordered_by_id:
        return False
    return bool(event.data == {**disposal_values(entry), "events": before})


def check_disposals() -> Iterator[Problem]:
    """Yield a problem for each executed list that differs from the act of its execution.

    And for each row that keeps a letter's history open: none outlives the disposal that made it.
    """
    for row in Erasing.objects.order_by("pk").iterator():
        yield Problem("erasing_open", chain.row_key(row))
    acts = Act.objects.filter(kind=EXECUTED).values_list("data", flat=True)
    told = {(data.get("list"), data.get("digest")) for data in acts.iterator()}
    for held in DisposalList.objects.filter(state=_State.EXECUTED).order_by("pk").iterator():
        if held.digest != digest_of(held) or (held.number, held.digest) not in told:
            yield Problem("disposal_list_edited", chain.row_key(held), held.number)


def rightly_gone(hashes: Iterable[str]) -> set[str]:
    """Return those of these files that a list removed, by an entry of it, and nothing needs."""
    wanted = set(hashes)
    rows = GoneFile.objects.filter(sha256__in=wanted, state=GoneFile.State.GONE)
    taken: dict[int, set[str]] = {}
    for sha256, disposal in rows.values_list("sha256", "disposal"):
        taken.setdefault(disposal, set()).add(sha256)
    found: set[str] = set()
    for disposal, gone in taken.items():
        entries = DisposalEntry.objects.filter(disposal=disposal, state=_DONE)
        for files in entries.values_list("files", flat=True).iterator():
            found |= gone & {one["sha256"] for one in files}
    return found - still_needed(found)
