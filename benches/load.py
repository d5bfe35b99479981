"""An office's day: depositors, clerks, searchers, citizens and readers at once, for half an hour.

32 deposit over the API, 8 at the desk bring letters from the deposit to the sign-off, 20 search,
50 citizens follow and pay; two readers read. PostgreSQL, Redis, Elasticsearch and an object store
with object lock as real servers; web, workers, clock and signer by the commands of
docs/operations.md. People think as people do (`benches/_day.py`); `--think 0` lets nobody think.
In the end each accepted letter must be there once with the bytes that were sent, no number
missing, every document read, register, ledger and journal proven. Exit 1 otherwise.
"""

import argparse
import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benches._citizens import Till, Visitor, Visitors
from benches._crowd import Crowd
from benches._day import THINK, Books, Day
from benches._day_chart import drawn, series
from benches._load_people import add_people, department_of, names
from benches._load_tables import markdown, problems_of
from benches._money import CARD, Plan, card_plan, tables
from benches._production import Production, ending_on_signals, set_up_django
from benches._recorded import Record
from benches._staff import Clerk, Depositor, Searcher
from benches._verdict import judge, retry_parked, shown, wait_for_jobs
from benches._watched import Watch, delays, slopes
from tests.production.office import ROOT
from tests.services.process import ServiceMissingError
from tests.services.sim_nestpay import Simulated, simulated

PEOPLE: Final = {"depositing": 32, "desk": 8, "searching": 20, "citizens": 50}
AFTER: Final = 400.0  # seconds in which no fewer jobs are due, until what is left is told
MISSING: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """How long, how many, how fast."""

    minutes: float
    people: float
    think: float

    def count(self, role: str) -> int:
        """Return how many people of a role there are."""
        return max(1, round(PEOPLE[role] * self.people))

    @property
    def bills(self) -> int:
        """Return how many bills there are to pay: more than will be paid."""
        visits = self.minutes * 60 / max(THINK["citizens"] * self.think, 0.5)
        return max(50, min(6000, round(self.count("citizens") * visits)))


def furnish(office: Production, plan: Plan, asked: Asked) -> int:
    """Make the office, its people, contracts and bills; return how many letters came before."""
    office.manage("demo", "--prepare")
    contracts, bills = tables(plan, office.folder)
    office.manage("import_contracts", str(contracts), "--json")
    office.manage("import_bills", str(bills), "--json")
    set_up_django(office)
    add_people(*(asked.count(role) for role in ("depositing", "desk", "searching")))
    from registry.models.letters import Letter

    return Letter.objects.filter(register__direction="in").count()


def people_of(crowd: Crowd, asked: Asked, plan: Plan, gate: Simulated) -> None:
    """Let all come, each at a moment of their own."""
    day, visitors, till = crowd.day, Visitors(), Till(plan, CARD)
    for name in names("deposit", asked.count("depositing")):
        crowd.come(name, Depositor(day, name).round, role="depositing")
    for place, name in enumerate(names("desk", asked.count("desk"))):
        crowd.come(name, Clerk(day, name, department_of(place)).round, role="desk")
    for name in names("search", asked.count("searching")):
        crowd.come(name, Searcher(day, name).round, role="searching")
    for name in names("citizen", asked.count("citizens")):
        crowd.come(name, Visitor(day, visitors, till, gate).round, role="citizens")


def run(stack: ExitStack, asked: Asked, out: Path) -> tuple[dict[str, Any], str]:
    """Run the day; return its report and its picture."""
    plan = card_plan(asked.bills, seed=1)
    gate = stack.enter_context(simulated())
    office = Production(stack, PAYMENT_URL=gate.setting)
    before = furnish(office, plan, asked)
    office.start_all()
    record = Record()
    day = Day(office.url, record, Books(), think=asked.think)
    watch = Watch(office, every=max(2.0, asked.minutes * 60 / 180))
    load = [os.getloadavg()[0]]
    with watch.looking():
        crowd = Crowd(day)
        people_of(crowd, asked, plan, gate)
        until = time.monotonic() + asked.minutes * 60
        while time.monotonic() < until:
            time.sleep(min(20, max(0.1, until - time.monotonic())))
            load.append(os.getloadavg()[0])
            print(crowd.words(), flush=True)
        crowd.go_home()
        worked = time.monotonic() - record.began
        left = wait_for_jobs(seconds=AFTER)
        after = time.monotonic() - record.began - worked
    office.keep_logs(out / "logs")
    report = _report(office, day, watch, plan, gate, before=before)
    report |= {
        "asked": asdict(asked),
        "people": {role: asked.count(role) for role in PEOPLE},
        "think": {role: mean * asked.think for role, mean in THINK.items()},
        "seconds": round(worked), "jobs left": left, "work left, s": round(after),
        "load average": {"least": min(load), "most": max(load), "mean": sum(load) / len(load)},
        "cores": os.cpu_count(),
    }  # fmt: skip
    title = f"{asked.minutes:g} minutes, {sum(report['people'].values())} people"
    return report, drawn(series(watch.samples, record, seconds=worked), title=title)


def _report(
    office: Production, day: Day, watch: Watch, plan: Plan, gate: Simulated, *, before: int
) -> dict[str, Any]:
    from benches._payments_kept import paid_as_booked

    verdict = judge(day.books, before=before)
    verdict["payments unlike the payers' books"] = paid_as_booked(plan, gate)
    return {
        "letters accepted": len(day.books.accepted),
        "refused as they must be": len(day.books.refused),
        "journeys at the desk": len(day.books.closed),
        "payments made": sum(one.accepted for one in plan.entries),
        "rounds": dict(day.record.rounds),
        "requests": day.record.table(),
        "outcomes": dict(day.record.outcomes()),
        "wrong": day.record.wrong()[:200],
        "troubles": day.record.troubles[:200],
        "memory": {name: asdict(one) for name, one in slopes(watch.samples).items()},
        "from deposit to read, s": delays(office),
        "jobs waiting at most": {
            queue: max((one.waiting.get(queue, 0) for one in watch.samples), default=0)
            for queue in ("fast", "slow")
        },
        "parked": dict(retry_parked()),
        "verdict": verdict,
        "samples": [asdict(one) for one in watch.samples],
    }


def main() -> int:
    """Run the bench; exit 1 for an error of anybody's, a loss or a gap."""
    parser = argparse.ArgumentParser(prog="sijill bench load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--people", type=float, default=1, help="share of the 110 people")
    parser.add_argument(
        "--think", type=float, default=1, help="share of the time to think; 0: none"
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "var" / "bench", help="folder of results"
    )
    parser.add_argument("--markdown", action="store_true", help="print tables for benchmarks.md")
    given = parser.parse_args()
    asked = Asked(given.minutes, given.people, given.think)
    with ending_on_signals(), ExitStack() as stack:
        try:
            report, picture = run(stack, asked, given.out)
        except ServiceMissingError as error:
            print(f"missing: {error}", file=sys.stderr)
            return MISSING
        _close_database()
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "load.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    (given.out / "load.svg").write_text(picture)
    print("\n".join([*shown(report["verdict"]), *report["wrong"][:20], *report["troubles"][:20]]))
    if given.markdown:
        print(markdown(report))
    print(f"written: {given.out / 'load.json'} and load.svg")
    return 1 if problems_of(report) else 0


def _close_database() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    sys.exit(main())
