"""Chains of numbered rows, each of which holds the hash of the row before."""

from collections.abc import Callable, Generator
from typing import Any, Final

from django.db.models import QuerySet

from ledger.problems import Problem
from registry import chain

_CHUNK: Final = 1000


def check_links(
    rows: "QuerySet[Any]", *, hash_of: Callable[[Any], str], name: str
) -> Generator[Problem, None, int]:
    """Yield a problem for each gap (`name`_missing) and altered row (`name`_edited).

    `rows` have `seq` from 1, `hash` and `previous_hash`. Return the last `seq`, 0 without rows.
    """
    seq, last_hash = 0, ""
    for row in rows.order_by("seq").iterator(chunk_size=_CHUNK):
        seq += 1
        if row.seq != seq:
            yield Problem(f"{name}_missing", f"{row._meta.label_lower}/{seq}")
            seq = row.seq
        if row.previous_hash != last_hash or row.hash != hash_of(row):
            yield Problem(f"{name}_edited", chain.row_key(row))
        last_hash = row.hash
    return seq
