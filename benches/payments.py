"""Payments of every kind while the office is killed: none lost, none doubled, the journal proven.

Banks over the biller API, citizens by a simulated gateway (a process of its own), a cashier at the
desk's pages, bank files by the command; some of it is reversed or refunded. Meanwhile web, workers
and PostgreSQL are killed (kill -9) in turn and started again; with --sqlite, the one process of an
embedded office. In the end what the payers' own books say is compared with what the office has.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from benches._counter import BankFiles, Cashier, Refunds, refunded
from benches._killed import Killed
from benches._money import BANK, CARD, COUNTER, SHARES, TRANSFER, Entry, Plan, plan_of, remaining
from benches._money import tables as tables_of
from benches._payers import PARTNER, Bank, Crowd, by_card, decimal
from tests.production.office import ROOT
from tests.services.sim_nestpay import Simulated, simulated

LATE = 3.0
LOOK = 240.0  # seconds for the job that asks the gateway; the clock has it done each minute
CHANNELS = {
    BANK: {"bank"}, CARD: {"card"}, COUNTER: {"cash", "cheque", "terminal"},
    TRANSFER: {"transfer"},
}  # fmt: skip


@dataclass
class Found:
    """What became of the payments of a kind."""

    asked: int = 0
    accepted: int = 0
    there: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


def set_up(killed: Killed, plan: Plan) -> str:
    """Make the office with its contracts and bills; return the bank's secret."""
    office = killed.office
    office.manage("demo", "--prepare")
    contracts, bills = tables_of(plan, office.folder)
    office.manage("import_contracts", str(contracts), "--json")
    office.manage("import_bills", str(bills), "--json")
    line = [sys.executable, "manage.py", "bank_partner", "add", PARTNER, "--calls-a-minute", "0"]
    answer = subprocess.run(
        [*line, "--json"], cwd=ROOT, env=office.environment, check=True, capture_output=True
    )
    os.environ |= office.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    from eservices.bills.models import Bill

    Bill.objects.filter(number__in=plan.partial).update(partial=True)
    return str(json.loads(answer.stdout)["secret"])


def pay(killed: Killed, plan: Plan, gate: Simulated, secret: str, *, kills: int) -> list[str]:
    """Let all pay, and kill until they are done; return what went wrong with a payer."""
    crowd, url = Crowd(), killed.url
    cards, banks = plan.of(CARD), plan.of(BANK)
    cashier, refunds = Cashier(url), Refunds(url, gate)
    files = BankFiles(killed.office, killed.office.folder)
    for part in range(2):
        crowd.start(f"bank {part}", partial(Bank(url, secret).run, banks[part::2]))
        first = part * len(cards)
        crowd.start(f"cards {part}", partial(by_card, url, plan, gate, cards[part::2], first))
    crowd.start("counter", lambda: cashier.run(plan.of(COUNTER)))
    crowd.start("files", lambda: files.run(plan.of(TRANSFER)))

    def going() -> bool:
        return crowd.pays() not in ([], ["refunds"])

    crowd.start("refunds", lambda: refunds.run(refunded(plan.entries), going))
    _strike_on(killed, plan, crowd, kills)
    killed.kills["import_bank_file"] = files.kills
    return crowd.problems


def _strike_on(killed: Killed, plan: Plan, crowd: Crowd, kills: int) -> None:
    """Kill one part after the other, each time that as many payments more were made."""
    targets, each = killed.targets(), len(plan.entries) / (kills + 1)
    while crowd.pays():
        time.sleep(random.uniform(0.05, 0.3))
        done = sum(one.accepted or (one.kind == CARD and one.asked) for one in plan.entries)
        struck = sum(killed.kills.values())
        if struck < kills and done >= each * (struck + 1):
            target = targets[struck % len(targets)]
            killed.strike(target)
            print(f"  {target} killed at {done}; paying: {', '.join(crowd.pays())}", flush=True)


def wait_for_the_job(gate: Simulated, plan: Plan) -> None:
    """Age what hangs, so that its time has come, and wait until the job has looked at it."""
    from django.db import connection
    from django.db.models import F

    from eservices.payments.models import Attempt

    connection.close()
    time.sleep(LATE + 1)
    aged = timedelta(minutes=41)
    for name in ("made_at", "sent_at", "ended_at"):
        rows = Attempt.objects.exclude(**{name: None})
        rows.update(**{name: F(name) - aged})
    deadline = time.monotonic() + LOOK
    while time.monotonic() < deadline and not _settled(gate, plan):
        time.sleep(2)


def _settled(gate: Simulated, plan: Plan) -> bool:
    """Return whether the office and the gateway know of each other all that there is to know."""
    from eservices.payments.models import Attempt

    if Attempt.objects.filter(state__in=("created", "sent")).exists():
        return False
    return all(gate.knows(one.key)["state"] != "authorised" for one in plan.of(CARD) if one.key)


def judge(gate: Simulated, plan: Plan, before: set[Any]) -> tuple[dict[str, Found], list[str]]:
    """Compare the office with the books; return what was found by kind, and what is wrong."""
    for entry in plan.of(CARD):
        state = gate.knows(entry.key)["state"] if entry.key else ""
        entry.accepted = state in ("authorised", "captured")
    wrong = [
        f"{one.key}: the bank holds the money, nobody takes it"
        for one in plan.of(CARD)
        if one.key and gate.knows(one.key)["state"] == "authorised"
    ]
    for one in plan.of(CARD):
        back = gate.knows(one.key)["refunded"] if one.key else ""
        if back != (decimal(one.gone) if one.gone else ""):
            wrong.append(f"{one.key}: the gateway paid back {back}, {one.gone} centimes are meant")
    there, strangers = _by_key(before)
    found = {kind: _judged(plan.of(kind), there) for kind in SHARES}
    wrong += [f"a payment that nobody made: {name}" for name in strangers - _keys(plan)]
    wrong += _sums(plan, before) + _bills(plan) + _refunds(plan, there) + _proofs()
    return found, wrong


def _keys(plan: Plan) -> set[str]:
    return {entry.key for entry in plan.entries if entry.key}


def _by_key(before: set[Any]) -> tuple[dict[str, list[Any]], set[str]]:
    """Return the payments of the bench by their payers' keys."""
    from eservices.payments.models import Payment

    there: dict[str, list[Any]] = {}
    for row in Payment.objects.exclude(pk__in=before).select_related("attempt"):
        key = row.attempt.oid if row.attempt else row.payer if row.by_id else row.reference
        there.setdefault(key, []).append(row)
    return there, set(there)


def _judged(entries: list[Entry], there: dict[str, list[Any]]) -> Found:
    found = Found()
    for entry in entries:
        rows = there.get(entry.key, []) if entry.key else []
        found.asked += entry.asked
        found.accepted += entry.accepted
        found.there += len(rows)
        right = [row for row in rows if row.amount == entry.total]
        if entry.receipt:
            right = [row for row in right if row.receipt == entry.receipt]
        if entry.accepted and not right:
            found.lost.append(entry.key)
        if len(rows) > 1 or (rows and not entry.accepted):
            found.doubled.append(entry.key)
    return found


def _sums(plan: Plan, before: set[Any]) -> list[str]:
    from django.db.models import Sum

    from eservices.payments.models import Payment

    wrong = []
    for kind, channels in CHANNELS.items():
        rows = Payment.objects.exclude(pk__in=before).filter(channel__in=channels)
        there = rows.aggregate(sum=Sum("amount"))["sum"] or 0
        booked = sum(entry.total for entry in plan.of(kind) if entry.accepted)
        if there != booked:
            wrong.append(f"{kind}: {there} centimes in the office, {booked} in the books")
    return wrong


def _bills(plan: Plan) -> list[str]:
    from eservices.bills.models import Bill

    right = remaining(plan)
    rows = dict(Bill.objects.filter(number__in=right).values_list("number", "remaining"))
    return [
        f"{number}: {rows.get(number)} remain in the office, {left} by the books"
        for number, left in right.items()
        if rows.get(number) != left
    ]


def _refunds(plan: Plan, there: dict[str, list[Any]]) -> list[str]:
    from django.db.models import Sum

    wrong = []
    for entry in plan.entries:
        for row in there.get(entry.key, []) if entry.key else []:
            gone = row.refunds.filter(state__in=("paid", "reversed"))
            back = gone.aggregate(sum=Sum("amount"))["sum"] or 0
            if back != entry.gone:
                wrong.append(f"{entry.key}: {back} went back, {entry.gone} by the books")
    return wrong


def _proofs() -> list[str]:
    from eservices.payments.journal import check
    from registry.verification import verify_register

    problems = [*check(), *verify_register()]
    return sorted({str(problem.as_json()) for problem in problems})


def told(found: dict[str, Found], wrong: list[str], killed: Killed, seconds: float) -> bool:
    """Print the table; return whether all is right."""
    print(
        f"\n{'kind':<10}{'asked':>7}{'accepted':>10}{'in the office':>15}{'lost':>6}{'doubled':>9}"
    )
    for kind, one in found.items():
        row = f"{kind:<10}{one.asked:>7}{one.accepted:>10}{one.there:>15}"
        print(f"{row}{len(one.lost):>6}{len(one.doubled):>9}")
    ones = list(found.values())
    counts = [
        sum(values) for values in zip(*((o.asked, o.accepted, o.there) for o in ones), strict=True)
    ]
    lost, doubled = sum(len(o.lost) for o in ones), sum(len(o.doubled) for o in ones)
    print(f"{'all':<10}{counts[0]:>7}{counts[1]:>10}{counts[2]:>15}{lost:>6}{doubled:>9}")
    kills = ", ".join(f"{name} {count}" for name, count in sorted(killed.kills.items()))
    print(f"kill -9: {kills}; {seconds:.0f} s")
    names = Counter(key for one in ones for key in [*one.lost, *one.doubled])
    for line in [*names, *wrong][:40]:
        print(f"  WRONG: {line}")
    return not names and not wrong


def main() -> int:
    """Run the bench; exit 1 on any difference."""
    parser = argparse.ArgumentParser(prog="sijill bench payments", description=__doc__)
    parser.add_argument("--payments", type=int, default=500)
    parser.add_argument("--sqlite", action="store_true", help="the embedded office")
    parser.add_argument("--kills", type=int, default=18, help="spread over the payments")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    plan = plan_of(asked.payments, seed=asked.seed)
    with ExitStack() as stack:
        gate = stack.enter_context(simulated(late=LATE))
        settings = {"PAYMENT_URL": gate.setting, "CONFIRM_MINUTES": "120"}
        killed = Killed(stack, embedded=asked.sqlite, **settings)
        secret = set_up(killed, plan)
        from django.db import connections

        from eservices.payments.models import Payment

        stack.callback(connections.close_all)
        before = set(Payment.objects.values_list("pk", flat=True))
        killed.start()
        began = time.monotonic()
        wrong = pay(killed, plan, gate, secret, kills=asked.kills)
        wait_for_the_job(gate, plan)
        seconds = time.monotonic() - began
        found, more = judge(gate, plan, before)
    return 0 if told(found, wrong + more, killed, seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
