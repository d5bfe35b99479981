"""The entries that stand here against what is held outside: one pass, whatever their number.

A point says that the first SIZE entries have a ROOT. Whoever rewrote or removed an entry among
them, with everything that hangs on it, has another root, or fewer entries.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Final

from django.conf import settings

from ledger.leaves import leaf_of
from ledger.models import LedgerEntry
from ledger.problems import Problem
from ledger.sequencing import find_again, known_places
from registry.proof.points import Point
from signer.client import Client, Refused, Unavailable
from signer.merkle import EMPTY, Range, leaf_hash
from signer.note import read_checkpoint

_AT_ONCE: Final = 2000
_NAMED: Final = 100  # entries that are named one by one


def check_against(points: Sequence[Point]) -> Iterator[Problem]:
    """Yield a problem for each point that the entries do not have."""
    waiting = sorted(points, key=lambda point: point.size, reverse=True)
    tree = Range()
    while waiting and waiting[-1].size == 0:
        yield from _differs(waiting.pop(), EMPTY)
    for leaf in _leaves():
        if not waiting:
            return
        tree.add(leaf_hash(leaf))
        while waiting and waiting[-1].size == tree.size:
            yield from _differs(waiting.pop(), tree.root())
    for point in reversed(waiting):
        detail = f"{point.reported_by} knows {point.size} entries, {tree.size} are here"
        yield Problem("log_shorter", "ledger.ledgerentry", detail)


def check_signer() -> Iterator[Problem]:
    """Yield a problem for each entry that the signer's log has otherwise, where it answers."""
    client = Client(settings.SIGNER_SOCKET)
    try:
        told = read_checkpoint(client.checkpoint())
        yield from _compared(client, told.size)
    except Unavailable:
        return
    except Refused as error:
        yield Problem("log_refused", "ledger.ledgerentry", str(error))


def _compared(client: Client, size: int) -> Iterator[Problem]:
    found, start, held = 0, 0, client.leaf_hashes(0, _AT_ONCE)
    rows = LedgerEntry.objects.exclude(place=None).order_by("place")
    for entry in rows.iterator(chunk_size=_AT_ONCE):
        place = entry.place or 0
        if held and place >= start + len(held):  # an empty part is the end of the log
            start, held = place, client.leaf_hashes(place, _AT_ONCE)
        known = held[place - start] if place - start < len(held) else None
        if known == leaf_hash(leaf_of(entry)):
            continue
        found += 1
        if found <= _NAMED:
            code = "entry_rewritten" if known else "entry_not_in_log"
            yield Problem(code, f"ledger.ledgerentry/{entry.pk}", f"{entry} #{place}")
    if known_places() < size:
        with contextlib.suppress(Refused):
            find_again()  # what the log took a moment ago, or before a process was killed
    if (here := known_places()) < size:
        detail = f"the signer's log has {size} entries, {here} are here"
        yield Problem("log_shorter", "ledger.ledgerentry", detail)


def _leaves() -> Iterator[bytes]:
    rows = LedgerEntry.objects.exclude(place=None).order_by("place")
    for entry in rows.iterator(chunk_size=_AT_ONCE):
        yield leaf_of(entry)


def _differs(point: Point, root: bytes) -> Iterator[Problem]:
    if root != point.root:
        detail = f"{point.reported_by}: the first {point.size} entries are not those of then"
        yield Problem("log_rewritten", "ledger.ledgerentry", detail)
