"""Writing entries: `ledger.compiling` calls it for every write by Django, bulk loads call it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from ledger.coverage import Shape
from ledger.leaves import mac_of, make_leaf, new_nonce
from ledger.models import LedgerEntry

Line = tuple[str, str]  # a row's key and digest; the digest of one that is gone is empty
_paused: ContextVar[bool] = ContextVar("ledger_paused", default=False)
_INSERT: Final = (
    "INSERT INTO ledger_ledgerentry (at, label, act, key, lines, nonce, mac)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


@contextmanager
def paused() -> Iterator[None]:
    """Write no entries: while there is no table for them yet."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def is_paused() -> bool:
    """Return whether no entries are written now."""
    return _paused.get()


def record(
    connection: BaseDatabaseWrapper, shape: Shape, act: LedgerEntry.Act, lines: Sequence[Line]
) -> None:
    """Write one entry of these rows, in the caller's transaction.

    Raise RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an entry belongs into the transaction of what it tells of")
    now, nonce = timezone.now(), new_nonce()
    text = "\n".join([f"{key} {digest}" for key, digest in lines])
    key = lines[0][0] if len(lines) == 1 else ""
    leaf = make_leaf(at=now, label=shape.label, act=act.value, lines=text, nonce=nonce)
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [at, shape.label, act.value, key, text, nonce, mac_of(leaf)])
