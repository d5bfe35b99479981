"""Repeated kill -9 of the worker in mid-reading, while letters come in.

Every letter whose deposit was answered must be read once, or parked with a reason: none lost, none
doubled. Embedded: half of the kills hit the office (web and worker in one), half a bare worker
beside it. With --celery, real Celery workers on PostgreSQL and Redis are killed.
"""

import argparse
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benches._office import BenchOffice, Client, kill_group, stop
from benches._services import required
from registry.kinds import RegistryEvent, RegistryJob
from routing.kinds import RoutingEvent

PATIENCE = 600.0  # seconds for what is left at the end


@dataclass(slots=True)
class Deposits:
    """What the depositor was promised: letter id by idempotency key."""

    accepted: dict[str, str] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    repeated: int = 0


@dataclass(slots=True)
class Depositor:
    """Sends letters over HTTP, each under its key until it is answered."""

    port: int
    token: str
    stop: threading.Event = field(default_factory=threading.Event)
    deposits: Deposits = field(default_factory=Deposits)

    def run(self, *, pause: float) -> None:
        """Send one letter after the other, until told to stop."""
        client = Client(self.port, self.token)
        while not self.stop.is_set():
            self._send_until_answered(client, str(uuid.uuid4()))
            self.stop.wait(pause)

    def _send_until_answered(self, client: Client, key: str) -> None:
        content = _letter(len(self.deposits.accepted) + 1)
        while True:
            try:
                status, answer = client.deposit(content, name="scan.png", key=key)
            except Exception:  # the office was killed under our hands: ask again
                self.deposits.repeated += 1
                time.sleep(0.2)
                continue
            if status in {200, 201}:
                self.deposits.accepted[key] = str(answer["id"])
                self.deposits.numbers.append(str(answer["number"]))
                return
            if status < 500:
                raise RuntimeError(f"a deposit was refused: {status} {answer}")
            self.deposits.repeated += 1
            time.sleep(0.2)


def _letter(number: int) -> bytes:
    """Return a page that takes a reader about a second."""
    from tests.factories import picture_bytes

    lines = [f"Lettre {number} du bureau d'ordre, ligne {line}" for line in range(24)]
    return picture_bytes("\n".join(lines))


def crash(office: BenchOffice, *, kills: int, celery: bool) -> tuple[Deposits, int]:
    """Deposit and kill; return what was promised and how many kills hit a reading."""
    embedded = {"JOB_DELIVERY": "thread"} if not celery else {}
    office_only = {"JOB_DELIVERY": "celery" if celery else "none"}
    web = office.start("up", **(embedded or office_only))
    office.wait_for_web()
    depositor = Depositor(office.port, _token(office))
    thread = threading.Thread(target=depositor.run, kwargs={"pause": 1.5}, daemon=True)
    thread.start()
    hits, done = 0, 0

    def hit(process: subprocess.Popen[bytes], again: Callable[[], Any]) -> Any:
        nonlocal done, hits
        done, struck = _kill_in_mid_reading(process, after=done)
        hits += struck
        print(f"  kill {hits}/{kills}: {len(depositor.deposits.accepted)} accepted", flush=True)
        return again()

    if not celery:
        for _ in range(kills // 2):
            web = hit(web, lambda: office.start("up", **embedded))
        kill_group(web)
        web = office.start("up", **office_only)
    worker_name = "celery" if celery else "work"
    worker = office.start(worker_name)
    while hits < kills:
        worker = hit(worker, lambda: office.start(worker_name))
    depositor.stop.set()
    thread.join(120)
    stop(web)
    _wait_for_the_rest()
    stop(worker)
    return depositor.deposits, hits


def _token(office: BenchOffice) -> str:
    from config.organisation import DEMO_PASSWORD

    return Client(office.port).log_in("amina", DEMO_PASSWORD)


def _kill_in_mid_reading(process: subprocess.Popen[bytes], *, after: int) -> tuple[int, int]:
    """Kill once one more reading has ended and the next runs; return (readings done, 1)."""
    from jobs.models import Job

    reading = Job.objects.filter(kind=RegistryJob.LETTER_READ)
    deadline = time.monotonic() + 120
    while True:
        done = reading.filter(state__in=["done", "parked"]).count()
        if done > after and reading.filter(state="running").exists():
            break
        if time.monotonic() > deadline or process.poll() is not None:
            raise TimeoutError(f"no reading runs ({done} done, exit {process.poll()})")
        time.sleep(0.02)
    time.sleep(random.uniform(0, 0.8))
    kill_group(process)
    return reading.filter(state__in=["done", "parked"]).count(), 1


def _wait_for_the_rest() -> None:
    from jobs.models import Job

    deadline = time.monotonic() + PATIENCE
    while left := Job.objects.filter(state__in=["ready", "running"]).count():
        if time.monotonic() > deadline:
            print(f"  {left} jobs are still not done after {PATIENCE:.0f} s", flush=True)
            return
        time.sleep(0.5)


def judge(deposits: Deposits) -> dict[str, Any]:
    """Return counts of what became of every accepted letter."""
    from jobs.models import Job
    from registry.models.documents import Document
    from registry.models.events import LetterEvent
    from registry.models.letters import Letter
    from registry.verification import verify_register

    ids = set(deposits.accepted.values())
    present = {str(pk) for pk in Letter.objects.filter(pk__in=ids).values_list("pk", flat=True)}
    events = Counter(
        (str(letter_id), kind)
        for letter_id, kind in LetterEvent.objects.values_list("letter_id", "kind")
        if kind in {RegistryEvent.REGISTERED, RegistryEvent.READ, RoutingEvent.UNDERSTOOD}
    )
    parked = dict(
        Job.objects.filter(kind=RegistryJob.LETTER_READ, state="parked").values_list(
            "subject", "error_code"
        )
    )
    unread = set(
        Document.objects.exclude(readings__current=True).values_list("letter_id", flat=True)
    )
    read_once = {
        i for i in present if events[i, RegistryEvent.READ] == 1 and i not in map(str, unread)
    }
    lost = [i for i in ids if i not in read_once and not parked.get(i)]
    doubled = [key for key, count in events.items() if count > 1]
    registered = Letter.objects.count()
    return {
        "accepted": len(deposits.accepted),
        "deposits sent again after a kill": deposits.repeated,
        "registered": registered,
        "finished once": len(read_once),
        "parked with a reason": len(set(parked) & present - read_once),
        "reasons": dict(Counter(parked.values())),
        "lost": len(lost),
        "doubled": len(doubled)
        + (len(deposits.accepted) - len(ids))
        + (len(deposits.numbers) - len(set(deposits.numbers)))
        + max(0, registered - len(ids)),
        "jobs not done": Job.objects.filter(state__in=["ready", "running"]).count(),
        "register problems": [p.as_json() for p in verify_register()],
    }


def main() -> int:
    """Run the bench; exit 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="sijill bench crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL in place of SQLite")
    parser.add_argument("--celery", action="store_true", help="Celery on Redis, on PostgreSQL")
    asked = parser.parse_args()
    names = {"postgres"} if asked.postgres or asked.celery else set()
    with required(names | ({"redis"} if asked.celery else set())) as services:
        given = {k: v for k, v in services.environment.items() if not k.startswith("TEST_")}
        office = BenchOffice(**given, JOB_LEASE_SECONDS="20")
        try:
            office.set_up()
            began = time.monotonic()
            deposits, hits = crash(office, kills=asked.kills, celery=asked.celery)
            report = judge(deposits)
        finally:
            _close_database()
            office.close()
    where = "Celery on PostgreSQL" if asked.celery else "embedded workers"
    print(f"\n{hits} times kill -9 in mid-reading, {where}, {time.monotonic() - began:.0f} s")
    for name, value in report.items():
        print(f"  {name}: {value}")
    bad = ("lost", "doubled", "jobs not done", "register problems")
    return 1 if any(report[name] for name in bad) else 0


def _close_database() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    sys.exit(main())
