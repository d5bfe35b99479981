"""Appending of entries to the signer's log, in batches; any process may do it, and be killed.

Each batch names the index at which it begins: of two that give the log one at the same time it
takes one. What it took before a process was killed is found again by the hashes of its leaves. A
log with other leaves is not of this database, or of a later state of it: nothing is given to it.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone

from ledger.leaves import is_ours, leaf_of
from ledger.models import LedgerCheckpoint, LedgerEntry
from signer.client import Client, Refused, Unavailable
from signer.merkle import leaf_hash
from signer.note import read_checkpoint

BATCH: Final = 1000
_LOOKED_AT: Final = 20 * BATCH  # entries that wait, for those that the log took
_TRIES: Final = 20  # others may give the log a batch at the same time
_PLACE: Final = "UPDATE ledger_ledgerentry SET place = %s WHERE id = %s AND place IS NULL"


def seal_pending(*, most: int | None = None) -> int:
    """Give the log the entries that wait, about `most` of them; return how many it took.

    None are taken where no signer answers. Outside any transaction. Raise Refused where the log
    is shorter than it was, or has entries that are not here.
    """
    client, sealed = Client(settings.SIGNER_SOCKET), 0
    try:
        while is_waiting() and (most is None or sealed < most):
            count = _seal_batch(client)
            if not count:
                break
            sealed += count
    except Unavailable:
        pass
    return sealed


def known_places() -> int:
    """Return how many entries of the log this database knows."""
    highest = LedgerEntry.objects.aggregate(place=Max("place"))["place"]
    return 0 if highest is None else highest + 1


def find_again() -> None:
    """Place the entries that the log took without that anybody kept it; give it none.

    Raise Refused as `seal_pending`, and Unavailable.
    """
    client = Client(settings.SIGNER_SOCKET)
    while _find_again(client):
        pass


def is_waiting() -> bool:
    """Return whether any entry waits."""
    return LedgerEntry.objects.filter(place=None).exists()


def repeated(nonces: Sequence[str]) -> set[str]:
    """Return those of these nonces that more than one entry has: an entry put in a second time."""
    rows = LedgerEntry.objects.filter(nonce__in=nonces).order_by().values("nonce")
    more = rows.annotate(count=Count("pk")).filter(count__gt=1)
    return set(more.values_list("nonce", flat=True))


def waiting(*, ours: bool = True, label: str = "") -> Iterator[LedgerEntry]:
    """Yield the entries that wait, in their order: the office's own, or those that are forged.

    All, or those of one table.
    """
    rows = LedgerEntry.objects.filter(place=None).order_by("id")
    stream = (rows.filter(label=label) if label else rows).iterator(chunk_size=BATCH)
    while part := list(islice(stream, BATCH)):
        again = repeated([entry.nonce for entry in part])
        for entry in part:
            if ours == (entry.nonce not in again and is_ours(leaf_of(entry), entry.mac)):
                yield entry


def _seal_batch(client: Client) -> int:
    """Give the log one batch; return how many entries have a place now that had none."""
    for _try in range(_TRIES):
        if found := _find_again(client):
            return found
        size = known_places()
        entries = list(islice(waiting(), BATCH))
        if not entries:
            return 0
        leaves = [leaf_of(entry) for entry in entries]
        try:
            told = client.append(leaves, first_index=size)
        except Refused:
            if client.status().size == size:
                raise
            continue  # another process was faster
        _keep(zip(range(size, size + len(entries)), entries, strict=True))
        _keep_checkpoint(told.checkpoint)
        return len(entries)
    return 0


def _find_again(client: Client) -> int:
    """Place the next entries that the log took without that anybody kept it; return how many."""
    known = known_places()
    size = client.status().size  # after what is known here, which it has in any case
    if known > size:
        raise Refused(f"the log has {size} leaves; the office has known {known}")
    if known == size:
        return 0
    taken = client.leaf_hashes(known, BATCH)
    wanted, found = set(taken), {}
    for entry in islice(waiting(), _LOOKED_AT):
        if (leaf := leaf_hash(leaf_of(entry))) in wanted:
            found[leaf] = entry
            if len(found) == len(wanted):
                break
    whole = list(takewhile(found.__contains__, taken))
    _keep((place, found[leaf]) for place, leaf in enumerate(whole, known))
    if not whole and known_places() == known:  # else another process placed them just now
        raise Refused(f"the log has {size} leaves; those from {known} on are not here")
    return len(whole)


def _keep(placed: Any) -> None:
    rows = [[place, entry.pk] for place, entry in placed]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_PLACE, rows)


def _keep_checkpoint(note: str) -> None:
    with transaction.atomic():
        LedgerCheckpoint.objects.get_or_create(
            size=read_checkpoint(note).size, defaults={"note": note, "at": timezone.now()}
        )
