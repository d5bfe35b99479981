"""What is to be paid in the bench of payments: bills, who pays them how, and the payers' own books.

Nothing here asks the office: at its end the office is compared with these books.
"""

import csv
import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from benches.bills import BILLS, CONTRACTS

FIRST = 7_000_001
CODE = "K7000"  # on each bill, beside the number of its contract
BANK, CARD, COUNTER, TRANSFER = "bank", "card", "counter", "transfer"
SHARES = {BANK: 0.38, CARD: 0.24, COUNTER: 0.22, TRANSFER: 0.16}
BEHAVIOURS = (
    *("paid", "paid", "paid", "never", "twice", "late", "refused_then_paid", "paid", "refused"),
    "bad_hash",
)


@dataclass
class Entry:
    """A payment in its payer's own book; `key` is how the office knows it."""

    kind: str
    lines: list[tuple[str, int]]  # bill number, centimes
    key: str = ""
    behaviour: str = ""
    reverse: bool = False
    asked: bool = False
    accepted: bool = False
    receipt: str = ""
    gone: int = 0  # that went back

    @property
    def total(self) -> int:
        """All its lines together."""
        return sum(amount for _number, amount in self.lines)


@dataclass
class Plan:
    """Contracts and bills of the bench, and the payments that will be made."""

    entries: list[Entry]
    totals: dict[str, int]
    contracts: dict[str, str]  # contract by bill
    partial: list[str]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, *kinds: str) -> list[Entry]:
        """Return the payments of these kinds."""
        return [entry for entry in self.entries if entry.kind in kinds]


def plan_of(count: int, *, seed: int) -> Plan:
    """Plan so many payments.

    One bank payment in four is of several bills, one payment in ten (but for transfers) goes back.
    One bill in fifteen of those paid by card a bank tries to pay as well, and a tenth of the
    counter's bills are paid in two equal parts.
    """
    chance = random.Random(seed)
    plan = Plan([], {}, {}, [])
    for kind, share in SHARES.items():
        for place in range(round(count * share)):
            plan.entries += _planned(plan, kind, place, chance)
    cards = [one for one in plan.of(CARD) if not one.reverse]
    for place, card in enumerate(cards[::15]):
        plan.entries.append(Entry(BANK, list(card.lines), key=f"X{place:05d}"))
    chance.shuffle(plan.entries)
    return plan


def card_plan(count: int, *, seed: int, banks: int = 0) -> Plan:
    """Plan bills that are all paid by card and at once, and so many besides by a bank."""
    chance, plan = random.Random(seed), Plan([], {}, {}, [])
    for place in range(count):
        plan.entries.append(Entry(CARD, [_bill(plan, place, chance)], behaviour="paid"))
    for place in range(banks):
        lines = [_bill(plan, place, chance)]
        plan.entries.append(Entry(BANK, lines, key=f"{BANK}-{place:05d}"))
    return plan


def _planned(plan: Plan, kind: str, place: int, chance: random.Random) -> list[Entry]:
    many = 1 + chance.randrange(1, 3) if kind == BANK and place % 4 == 0 else 1
    lines = [_bill(plan, place, chance) for _one in range(many)]
    if kind == COUNTER and place % 10 == 0:
        [(number, total)] = lines
        plan.totals[number] = total = total // 2 * 2
        plan.partial.append(number)
        half = [(number, total // 2)]
        return [Entry(kind, half, key=f"{kind}-{place:05d}{part}") for part in "ab"]
    behaviour = BEHAVIOURS[place % len(BEHAVIOURS)] if kind == CARD else ""
    key = "" if kind == CARD else f"{kind}-{place:05d}"
    reverse = kind != TRANSFER and place % 10 == 3 - (kind == CARD)
    return [Entry(kind, lines, key=key, behaviour=behaviour, reverse=reverse)]


def _bill(plan: Plan, place: int, chance: random.Random) -> tuple[str, int]:
    serial = len(plan.totals)
    number, total = f"P{serial:06d}", chance.randrange(2_000, 90_000)
    plan.totals[number] = total
    plan.contracts[number] = str(FIRST + serial)
    return number, total


def tables(plan: Plan, folder: Path) -> tuple[Path, Path]:
    """Write the tables of contracts and bills as the billing system does."""
    contracts, bills = folder / "contracts.csv", folder / "bills.csv"
    _write(contracts, CONTRACTS, _contracts(plan))
    _write(bills, BILLS, _bills(plan))
    return contracts, bills


def code_of(contract: str) -> str:
    """Return the code that is printed on the bills of a contract."""
    return f"{CODE}{contract}"


def _contracts(plan: Plan) -> Iterator[Sequence[object]]:
    for number in sorted(set(plan.contracts.values())):
        yield (
            *(number, "Client du banc", "person", "", "", "fr", "1, rue du Banc", "Settat"),
            *("S01", "water,electricity", "active", "2019-01-02", "", code_of(number)),
        )


def _bills(plan: Plan) -> Iterator[Sequence[object]]:
    day = date.today()  # noqa: DTZ011 - a day of the bench, no instant
    for number, total in plan.totals.items():
        whole = f"{total // 100}.{total % 100:02d}"
        yield (
            *(number, plan.contracts[number], "water", day - timedelta(60), day - timedelta(30)),
            *(day - timedelta(20), day + timedelta(10), 1000, 1010, 0, whole, whole, "MAD", ""),
        )


def _write(path: Path, columns: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(columns)
        writer.writerows(rows)


def remaining(plan: Plan) -> dict[str, int]:
    """Return what must remain of each bill, by the books."""
    left = dict(plan.totals)
    for entry in plan.entries:
        if entry.accepted and not entry.gone:
            for number, amount in entry.lines:
                left[number] = max(0, left[number] - amount)
    return left
