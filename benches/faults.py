"""A production office under load while everything fails: kills, disks, network, clock, slow disk.

People as in `bench load`, fewer and hardly thinking, and banks over the biller API. Meanwhile
parts are killed (kill -9) and started again: web, workers, clock, signer, PostgreSQL, Redis,
Elasticsearch, the object store, whole or a process below them; disks are full, the network to a
server is cut, the clock jumps, fsync takes its time. In the end each letter and payment that was
accepted must be there once with its bytes, none that was refused, every journey at its end,
register, ledger and journal proven, no job parked without a reason. `--add-to FILE` adds the counts
of this run to those of earlier ones. Root is needed for disks and network.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from benches._apart import Disks, Network, leave
from benches._citizens import BankClerk, Till, Visitor, Visitors
from benches._crowd import Crowd
from benches._day import Books, Day
from benches._faults import FAULTS, Scene
from benches._load_people import add_people, department_of, names
from benches._money import BANK, CARD, Plan, card_plan, tables
from benches._payers import PARTNER
from benches._production import Production, anywhere, ending_on_signals, set_up_django
from benches._recorded import Record
from benches._staff import Clerk, Depositor, Searcher
from benches._strikes import Strikes
from benches._verdict import judge, retry_parked, shown, wait_for_jobs
from tests.production.office import ROOT
from tests.services.process import ServiceMissingError
from tests.services.sim_nestpay import Simulated, simulated

SIZES: Final = {"store": 2000, "postgres": 4000, "data": 1500, "logs": 300}  # MB, not taken at once
PEOPLE: Final = {"depositing": 6, "desk": 3, "searching": 2, "citizens": 4, "banks": 2}
THINK: Final = 0.03  # of the think times of a day
LATE: Final = 2.0
AFTER: Final = 400.0  # seconds in which no fewer jobs are due, until what is left is told
MISSING: Final = 3


def furnish(office: Production, plan: Plan) -> tuple[int, str]:
    """Make the office; return how many letters came before, and the bank's secret."""
    office.manage("demo", "--prepare")
    contracts, bills = tables(plan, office.folder)
    office.manage("import_contracts", str(contracts), "--json")
    office.manage("import_bills", str(bills), "--json")
    line = [sys.executable, "manage.py", "bank_partner", "add", PARTNER, "--calls-a-minute", "0"]
    answer = subprocess.run(
        [*line, "--json"], cwd=ROOT, env=office.environment, check=True, capture_output=True
    )
    set_up_django(office)
    add_people(PEOPLE["depositing"], PEOPLE["desk"], PEOPLE["searching"])
    from registry.models.letters import Letter

    before = Letter.objects.filter(register__direction="in").count()
    return before, str(json.loads(answer.stdout)["secret"])


def people_of(crowd: Crowd, plan: Plan, gate: Simulated, secret: str) -> None:
    """Let all come."""
    day, visitors = crowd.day, Visitors()
    cards, banks = Till(plan, CARD), Till(plan, BANK)
    for name in names("deposit", PEOPLE["depositing"]):
        crowd.come(name, Depositor(day, name).round, role="depositing")
    for place, name in enumerate(names("desk", PEOPLE["desk"])):
        crowd.come(name, Clerk(day, name, department_of(place)).round, role="desk")
    for name in names("search", PEOPLE["searching"]):
        crowd.come(name, Searcher(day, name).round, role="searching")
    for name in names("citizen", PEOPLE["citizens"]):
        crowd.come(name, Visitor(day, visitors, cards, gate).round, role="citizens")
    for name in names("bank", PEOPLE["banks"]):
        crowd.come(name, BankClerk(day, banks, secret).round, role="citizens")


def run(stack: ExitStack, given: argparse.Namespace, apart: bool) -> dict[str, Any]:
    """Run the faults; return the report."""
    plan = card_plan(given.bills, seed=2, banks=given.bills)
    gate = stack.enter_context(simulated(late=LATE))
    disks = Disks(stack, SIZES) if apart else None
    settings = {"PAYMENT_URL": gate.setting, "JOB_LEASE_SECONDS": "30"}
    office = Production(stack, place=disks.place if disks else anywhere, **settings)
    stack.callback(office.keep_logs, given.add_to.parent / "logs")  # however it ends
    before, secret = furnish(office, plan)
    from eservices.payments.models import Payment

    paid = set(Payment.objects.values_list("pk", flat=True))
    office.start_all()
    day = Day(office.url, Record(), Books(), think=THINK)
    crowd = Crowd(day)
    people_of(crowd, plan, gate, secret)
    scene = Scene(
        office, crowd, Strikes(office), disks, Network() if apart else None,
        kills=given.kills, pace=given.pace, minutes=given.minutes, seconds=given.seconds,
    )  # fmt: skip
    scene.recover()
    for name in given.only or FAULTS:
        FAULTS[name](scene)
    return _ended(scene, plan, gate, before=before, paid=paid)


def _ended(
    scene: Scene, plan: Plan, gate: Simulated, *, before: int, paid: set[Any]
) -> dict[str, Any]:
    """Let all go home and the office finish, then compare it with the books."""
    from benches import payments

    scene.strikes.wait(20)
    scene.crowd.day.over.set()
    at_work = scene.crowd.go_home(seconds=400)
    left = wait_for_jobs(seconds=AFTER)
    parked = retry_parked()
    left += wait_for_jobs(seconds=AFTER) if parked else 0
    payments.wait_for_the_job(gate, plan)
    verdict = judge(scene.crowd.day.books, before=before)
    found, wrong = payments.judge(gate, plan, paid)
    lost = [key for one in found.values() for key in [*one.lost, *one.doubled]]
    verdict["payments lost, doubled or unlike the books"] = lost + wrong
    verdict["people who never went home"] = at_work
    verdict["faults after which nothing was accepted"] = scene.unborne
    verdict["faults that were left out"] = scene.left_out
    record, books = scene.crowd.day.record, scene.crowd.day.books
    return {
        "faults": scene.words,
        "kills": dict(scene.strikes.kills),
        "ended by themselves": dict(scene.strikes.ended),
        "accepted": len(books.accepted),
        "never answered": len(books.unsure),
        "refused": len(books.refused),
        "journeys": len(books.closed),
        "payments": sum(one.there for one in found.values()),
        "requests": len(record.asked),
        "outcomes": dict(record.outcomes()),
        "parked, then tried again": dict(parked),
        "jobs left": left,
        "troubles": record.troubles[:100],
        "refusals": [w for w in record.wrong() if ": 4" in w][:40],
        "verdict": verdict,
        "load average": os.getloadavg()[0],
    }


def added(file: Path, report: dict[str, Any]) -> dict[str, Any]:
    """Add the counts of a run to those of the file, and return the sums."""
    runs = json.loads(file.read_text()) if file.exists() else []
    runs.append(report)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(runs, indent=1, ensure_ascii=False) + "\n")
    return sums_of(runs)


def sums_of(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what all runs together did."""
    sums: dict[str, Any] = {"runs": len(runs)}
    for name in ("accepted", "refused", "journeys", "payments", "requests"):
        sums[name] = sum(one[name] for one in runs)
    kills: Counter[str] = Counter()
    for one in runs:
        kills.update(one["kills"])
    wrong = sum(len(rows) for one in runs for rows in one["verdict"].values())
    return sums | {"kills": sum(kills.values()), "killed": dict(kills), "wrong": wrong}


def main() -> int:
    """Run the bench; exit 1 for anything lost, doubled, broken off, unproven or left out."""
    parser = argparse.ArgumentParser(prog="sijill bench faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--pace", type=float, default=1.2, help="seconds between two kills")
    parser.add_argument("--minutes", type=float, default=60, help="after which killing ends")
    parser.add_argument("--seconds", type=float, default=25, help="how long other faults last")
    parser.add_argument("--bills", type=int, default=800, help="to be paid by card, and by banks")
    parser.add_argument("--only", choices=sorted(FAULTS), action="append")
    parser.add_argument("--add-to", type=Path, default=ROOT / "var" / "bench" / "faults.json")
    given = parser.parse_args()
    why_not = leave()
    if why_not:
        print(f"no disks and network of our own: {', '.join(why_not)}", file=sys.stderr)
    began = time.monotonic()
    with ending_on_signals(), ExitStack() as stack:
        try:
            report = run(stack, given, apart=not why_not)
        except ServiceMissingError as error:
            print(f"missing: {error}", file=sys.stderr)
            return MISSING
        from django.db import connections

        connections.close_all()
    report["seconds"] = round(time.monotonic() - began)
    print(json.dumps({k: v for k, v in report.items() if k != "verdict"}, indent=1))
    print("\n".join(shown(report["verdict"])))
    print(json.dumps(added(given.add_to, report), ensure_ascii=False))
    return 1 if any(report["verdict"].values()) else 0


if __name__ == "__main__":
    sys.exit(main())
