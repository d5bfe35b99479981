"""Debits of a bank's file: direct debits of ours that come back, and what takes a credit back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from eservices.payments.bank_entries import Entry
from eservices.payments.debits import debits_of, send_back
from eservices.payments.models import BankLine, DebitLine
from eservices.payments.posting import TakenBackError
from org.models import User


def returned_of(debits: Sequence[Entry], *, kept: Collection[str], by: User | None) -> list[Entry]:
    """Return what takes a credit back, for a person.

    A direct debit of ours that comes back whole goes back by itself; a part of one, several
    without the amount of each, or one that came back before, waits. `kept` are the keys of those
    that wait already.
    """
    ours = debits_of(name for entry in debits for name in _names_of(entry))
    returned = []
    for entry in debits:
        debit = ours.get(entry.end_to_end)
        whole = debit is not None and debit.amount == entry.amount and entry.key not in kept
        if debit is not None and whole and _goes_back(debit, entry, by):
            continue
        if entry.takes_back or any(name in ours for name in _names_of(entry)):
            returned.append(replace(entry, reversal=True))
    return returned


def _names_of(entry: Entry) -> tuple[str, ...]:
    return (entry.end_to_end, *entry.references)


def _goes_back(debit: DebitLine, entry: Entry, by: User | None) -> bool:
    """Mark a debit as sent back.

    Return False where another entry did, a refund of its payment is requested or paid, or the
    credit that it takes back waits itself: a person decides on both.
    """
    waiting = (BankLine.State.PROPOSED, BankLine.State.UNMATCHED)
    if BankLine.objects.filter(end_to_end=debit.reference, state__in=waiting).exists():
        return False
    try:
        return send_back(debit, reason=entry.text, by=by, key=entry.key)
    except TakenBackError:
        return False
