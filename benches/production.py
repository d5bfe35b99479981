"""A production office under a load of letters, while its workers are killed.

PostgreSQL, Elasticsearch, an object store and a broker (Redis, then RabbitMQ) as real servers; web,
workers and clock as processes, by the commands of docs/operations.md. Letters are deposited over
HTTP in two waves; in each, processes that read and a whole worker are killed (kill -9). In the end
all letters must be read. One letter in five is a scan.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benches._services import required
from tests.production.office import Office, kill, pool_of

PATIENCE = 1800.0
READ = "kind = 'letter.read' AND state = 'done'"
TOOK = """
SELECT extract(epoch FROM finished_at - created_at) FROM jobs_job
WHERE kind = 'letter.read' AND state = 'done'
"""
BROKERS = {"redis": "TEST_REDIS_URL", "rabbitmq": "TEST_RABBITMQ_URL"}


@dataclass
class Watch:
    """Looks at the broker's queues again and again."""

    office: Office
    most: dict[str, int] = field(default_factory=lambda: {"fast": 0, "slow": 0})
    _end: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look while the block runs."""
        thread = threading.Thread(target=self._look, daemon=True)
        thread.start()
        yield
        self._end.set()
        thread.join(30)

    def _look(self) -> None:
        while not self._end.wait(0.5):
            for queue in self.most:
                self.most[queue] = max(self.most[queue], self.office.messages(queue))


def letter(number: int) -> tuple[str, bytes]:
    """Return name and content: a scan, a born-digital PDF, or three texts."""
    from tests.factories import pdf_bytes, picture_bytes

    lines = [f"Lettre {number}, ligne {line}: demande de branchement." for line in range(20)]
    if number % 5 == 0:
        return "scan.png", picture_bytes("\n".join(lines))
    if number % 5 == 1:
        return "lettre.pdf", pdf_bytes("\n".join(lines))
    return "lettre.txt", "\n".join(lines).encode()


def wave(office: Office, numbers: range, workers: dict[str, Any], *, kills: int) -> dict[str, Any]:
    """Deposit these letters, kill on the way, wait until all are read; return what that took."""
    before, began = office.count(READ), time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        deposits = [pool.submit(_deposit, office, number) for number in numbers]
        for part in range(1, kills + 1):
            _wait_for(office, before + len(numbers) * part // (kills + 2))
            _kill(office, workers, whole=part == kills)
        times = [one.result() for one in deposits]
    _wait_for(office, before + len(numbers))
    return {
        "deposited": max(times) - began,
        "read": time.monotonic() - began,
        "unread": len(times) - (office.count(READ) - before),
    }


def _deposit(office: Office, number: int) -> float:
    name, content = letter(number)
    office.deposit(content, name=name)
    return time.monotonic()


def _wait_for(office: Office, read: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while office.count(READ) < read and time.monotonic() < deadline:
        time.sleep(0.3)


def _kill(office: Office, workers: dict[str, Any], *, whole: bool) -> None:
    if whole:
        kill(workers["slow"])
        time.sleep(2)
        workers["slow"] = office.worker("slow")
        print("  a whole worker was killed, and started again", flush=True)
    else:
        os.kill(random.choice(pool_of(workers["slow"])), 9)
        print("  a process that reads was killed", flush=True)


def measure(office: Office, *, letters: int, kills: int, spare: bool) -> dict[str, Any]:
    """Run two waves; return figures by their labels."""
    office.web()
    workers = {name: office.worker(name) for name in ("fast", "slow", "beat")}
    half = letters // 2
    watch = Watch(office)
    with watch.looking():
        waves = [
            wave(office, numbers, workers, kills=kills)
            for numbers in (range(half), range(half, letters))
        ]
        all_read = time.monotonic()
        while spare and office.count("state = 'ready'") and time.monotonic() < all_read + PATIENCE:
            time.sleep(0.5)
    took = [float(seconds) for (seconds,) in office.rows(TOOK)]
    attempts, excused = office.rows("SELECT max(attempts), max(excused) FROM jobs_job")[0]
    return {
        "waves, all deposited (s)": [round(one["deposited"]) for one in waves],
        "waves, all read (s)": [round(one["read"]) for one in waves],
        "letters not read": sum(one["unread"] for one in waves),
        "deposit to read, p50 (s)": round(statistics.median(took), 1),
        "deposit to read, p95 (s)": round(statistics.quantiles(took, n=20)[-1], 1),
        "spare work done after (s)": round(time.monotonic() - all_read)
        if spare
        else "not waited for",
        "attempts of one job at most": attempts,
        "of them excused": excused,
        "messages at most, fast": watch.most["fast"],
        "messages at most, slow": watch.most["slow"],
        "jobs parked": office.count("state = 'parked'"),
    }


def run(broker: str, *, letters: int, kills: int, spare: bool) -> bool:
    """Run one office on one broker; return whether all of its letters were read."""
    names = {"postgres", "elasticsearch", "s3", broker}
    with required(names, durable=True) as services, tempfile.TemporaryDirectory() as folder:
        given = services.environment
        office = Office(
            Path(folder),
            database=given["DATABASE_URL"],
            broker=given[BROKERS[broker]],
            search=f"{given['TEST_ELASTICSEARCH_URL']}/?index=bench",
            vault=given["TEST_S3_URL"],
        )
        office.manage("demo", "--prepare")
        os.environ |= office.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        import django

        django.setup()
        try:
            report = measure(office, letters=letters, kills=kills, spare=spare)
        finally:
            office.close()
    print(f"\n{letters} letters on {broker}, two waves, {kills} kills in each")
    for name, value in report.items():
        print(f"  {name}: {value}")
    return not report["letters not read"] and not report["jobs parked"]


def main() -> int:
    """Run the bench; exit 1 when a letter was not read."""
    parser = argparse.ArgumentParser(prog="sijill bench production", description=__doc__)
    parser.add_argument("--letters", type=int, default=500)
    parser.add_argument(
        "--kills", type=int, default=3, help="in each wave; the last of a whole worker"
    )
    parser.add_argument("--broker", choices=sorted(BROKERS), action="append")
    parser.add_argument("--spare", action="store_true", help="wait for the spare work too")
    asked = parser.parse_args()
    brokers = asked.broker or ["redis", "rabbitmq"]
    fine = [
        run(one, letters=asked.letters, kills=asked.kills, spare=asked.spare) for one in brokers
    ]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
