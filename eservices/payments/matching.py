"""Which bills a credit on the bank account pays.

It is set against bills by itself only where a reference of ours stands in it and the amount is what
remains of them, to the centime (or a part of a bill that may be paid in parts). Everything else
waits with proposals for a person: short and excess amounts, bills paid already, a contract's
number instead of a bill's, an account or a name that is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from eservices.bills.models import Allocation, Bill
from eservices.contracts.models import Contract
from eservices.money import CURRENCY, decimal
from eservices.payments.bank_entries import Entry
from eservices.payments.models import BankLine, Channel, DebitLine
from eservices.payments.posting import MOST_BILLS, Line
from language.fold import fold
from language.reach import number_key

_TOKEN: Final = re.compile(r"[^\W_](?:[\w/.\-]*[^\W_])?")
_CREDITOR_REFERENCE: Final = re.compile(r"RF\d{2}([0-9A-Z]{1,21})")
MOST_TOKENS: Final = 60
MOST_PROPOSALS: Final = 5
MOST_CONTRACTS: Final = 10


@dataclass(frozen=True, slots=True)
class Proposal:
    """Bills that a credit may be meant for, and why it is thought so."""

    lines: tuple[Line, ...]
    why: str

    def as_json(self) -> dict[str, Any]:
        """Return the proposal as it is kept and shown, amounts as decimal text."""
        bills = [{"number": line.bill, "amount": decimal(line.amount)} for line in self.lines]
        return {"bills": bills, "why": self.why}


@dataclass(frozen=True, slots=True)
class Found:
    """What is thought of a credit: `lines` to post at once, or why not and the proposals."""

    why: str
    lines: tuple[Line, ...] = ()
    channel: str = Channel.TRANSFER
    proposals: tuple[Proposal, ...] = ()


def find_bills(entry: Entry) -> Found:
    """Return the bills that a credit pays, or what it may be."""
    if entry.currency != CURRENCY:
        return Found("currency")
    if entry.reversal:
        return Found("reversal")
    if entry.amount <= 0:
        return Found("amount")
    if debited := _debited(entry):
        return debited
    named = _named(entry.references)
    if bills := named or _named(_tokens(entry.text, entry.end_to_end)):
        return _of_bills(entry, bills, why="reference" if named else "text")
    proposals = _guesses(entry)
    return Found("proposed" if proposals else "unknown", proposals=tuple(proposals))


def _debited(entry: Entry) -> Found | None:
    """Return the bill of a direct debit of ours, which comes back with the name we gave it."""
    if not entry.end_to_end:
        return None
    row = DebitLine.objects.filter(reference=entry.end_to_end).select_related("bill").first()
    if row is None:
        return None
    found = _of_bills(entry, [row.bill], why="debit")
    return Found(found.why, found.lines, Channel.DEBIT, found.proposals)


def _of_bills(entry: Entry, bills: Sequence[Bill], *, why: str) -> Found:
    """Return what is to be done with a credit that names these bills."""
    bills = [bill for bill in bills if bill.total >= 0][:MOST_BILLS]
    due = [bill for bill in bills if bill.remaining > 0]
    remaining = sum(bill.remaining for bill in due)
    if due and remaining == entry.amount:
        return Found(why, _whole(due))
    if len(due) == 1 and due[0].partial and entry.amount < remaining:
        return Found("part", (Line(due[0].number, entry.amount),))
    return _other_amount(entry, bills, due)


def _other_amount(entry: Entry, bills: Sequence[Bill], due: Sequence[Bill]) -> Found:
    """Propose for a credit that names bills and is of another amount than they are."""
    some = [bill for bill in due if bill.remaining == entry.amount]
    proposals = [Proposal(_whole([bill]), "one") for bill in some]
    remaining = sum(bill.remaining for bill in due)
    if not due:
        why = "paid"
        proposals += [Proposal(tuple(Line(bill.number, 0) for bill in bills), "refund")]
    elif entry.amount < remaining:
        why = "short"
        proposals += [Proposal(_oldest_first(due, entry.amount), "short")]
    else:
        why = "excess"
        proposals += [Proposal(_whole(due), "excess")]
    contracts = {bill.contract_id for bill in bills if bill.contract_id}
    proposals += _of_contracts(contracts, entry.amount, "contract")
    return Found(why, proposals=tuple(_distinct(proposals)))


def _guesses(entry: Entry) -> list[Proposal]:
    """Propose by the contract that is named, else by the payer's account, else by the name."""
    tokens = (*entry.references, *_tokens(entry.text, entry.end_to_end))
    keys = {key for token in tokens if (key := number_key(token)) and len(key) <= 40}
    contracts = Contract.objects.filter(number_key__in=list(keys)[:MOST_TOKENS])
    for why, ids in (
        ("contract", contracts.values_list("pk", flat=True)[:MOST_CONTRACTS]),
        ("account", _contracts_of_account(entry.payer_account)),
        ("name", _contracts_of_name(entry.payer)),
    ):
        if proposals := _of_contracts(set(ids), entry.amount, why):
            return _distinct(proposals)
    return []


def _contracts_of_account(account: str) -> Iterable[int]:
    """Return the contracts that this bank account has paid for before."""
    if not account:
        return []
    lines = BankLine.objects.filter(payer_account=account, state=BankLine.State.MATCHED)
    receipts = lines.order_by("-pk").values_list("payment__receipt", flat=True)[:MOST_CONTRACTS]
    rows = Allocation.objects.filter(receipt__in=list(receipts), bill__contract__isnull=False)
    return rows.values_list("bill__contract_id", flat=True).distinct()[:MOST_CONTRACTS]


def _contracts_of_name(name: str) -> Iterable[int]:
    words = fold(name).split()
    if len(words) < 2:
        return []
    rows = Contract.objects.filter(name_key__startswith=f" {' '.join(words)} ")
    return rows.values_list("pk", flat=True)[:MOST_CONTRACTS]


def _of_contracts(ids: Iterable[int | None], amount: int, why: str) -> list[Proposal]:
    """Propose the open bills of contracts: one or the oldest that make the amount, else as far."""
    proposals: list[Proposal] = []
    rest: list[Proposal] = []
    for pk in sorted(pk for pk in ids if pk):
        rows = Bill.objects.filter(contract=pk, remaining__gt=0).order_by("due_on", "pk")
        due = list(rows[:MOST_BILLS])
        proposals += [
            Proposal(_whole([bill]), f"{why}_amount") for bill in due if bill.remaining == amount
        ]
        lines = _oldest_first(due, amount)
        summed = sum(line.amount for line in lines) == amount
        exact = summed and lines == _whole(due[: len(lines)])
        if exact and len(lines) > 1:
            proposals.append(Proposal(lines, f"{why}_sum"))
        elif lines and not exact:
            rest.append(Proposal(lines, why))
    return proposals or ([] if why == "name" else rest)


def _whole(bills: Sequence[Bill]) -> tuple[Line, ...]:
    return tuple(Line(bill.number, bill.remaining) for bill in bills)


def _oldest_first(bills: Sequence[Bill], amount: int) -> tuple[Line, ...]:
    """Return the bills that an amount pays when the oldest is paid first."""
    lines = []
    for bill in sorted(bills, key=lambda bill: (bill.due_on or bill.issued_on, bill.pk)):
        part = min(bill.remaining, amount)
        if part > 0:
            lines.append(Line(bill.number, part))
            amount -= part
    return tuple(lines)


def _distinct(proposals: Iterable[Proposal]) -> list[Proposal]:
    return list({proposal.lines: proposal for proposal in reversed(list(proposals))}.values())[
        ::-1
    ][:MOST_PROPOSALS]


def _named(names: Iterable[str]) -> list[Bill]:
    """Return the bills with these numbers, in their order."""
    spelled = dict.fromkeys(spelling for name in names for spelling in _spellings(name))
    if not spelled:
        return []
    rows = Bill.objects.filter(number__in=spelled)
    order = {number: at for at, number in enumerate(spelled)}
    return sorted(rows, key=lambda bill: order[bill.number])


def _spellings(name: str) -> list[str]:
    """Return how a bill's number may be written: as it is, in capitals, in a creditor reference."""
    bare = name.strip()
    packed = "".join(bare.upper().split())
    spelled = [bare, bare.upper(), packed]
    if (found := _CREDITOR_REFERENCE.fullmatch(packed)) and _checks(packed):
        spelled.append(found.group(1))
    return [text for text in spelled if text and len(text) <= 40]


def _checks(reference: str) -> bool:
    """Return whether the check digits of a creditor reference (ISO 11649) are right."""
    turned = reference[4:] + reference[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _tokens(*texts: str) -> list[str]:
    """Return the words with a digit, and pairs of neighbours: banks break lines within numbers."""
    words = [word for text in texts for word in _TOKEN.findall(text)][:MOST_TOKENS]
    pairs = [one + other for one, other in pairwise(words)]
    return [word for word in (*words, *pairs) if any(sign.isdigit() for sign in word)]
