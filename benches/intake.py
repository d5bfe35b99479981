"""Registrations per second over HTTP, and what the bare components below them can do here.

Each client keeps one connection open and sends letters of one PDF (about 40 KB, no two alike). An
answer means: bytes fsynced in the vault, row, number, event, receipt and jobs committed. PostgreSQL
runs with fsync on and two web workers. Reading is a worker's work and does not run here, except in
the line that says so.
"""

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benches._office import ROOT, BenchOffice, Client
from benches._services import required

FILE_BYTES = 40_000


@dataclass(slots=True)
class Measured:
    """Seconds per answer, errors, and the length of the run in seconds."""

    answers: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0

    def line(self, what: str) -> str:
        """Return one row of the report."""
        took = sorted(self.answers) or [float("nan")]
        p50, p95 = statistics.median(took), took[min(len(took) - 1, int(len(took) * 0.95))]
        rate = len(self.answers) / self.seconds
        return (
            f"{what:<44}{rate:8.0f}/s   p50 {p50 * 1000:6.1f} ms   p95 {p95 * 1000:6.1f} ms"
            f"   errors {self.errors}"
        )


def letter() -> bytes:
    """Return a PDF of about 40 KB that equals no other."""
    from tests.factories import pdf_bytes

    return pdf_bytes(secrets.token_hex(FILE_BYTES // 2))


def measure(port: int, token: str, *, clients: int, seconds: float) -> Measured:
    """Run all clients at once, each sending one letter after the other."""
    measured, start = Measured(), threading.Barrier(clients + 1)

    def run() -> None:
        client = Client(port, token)
        client.deposit(letter(), name="lettre.pdf")  # opens the connection, warms the worker
        start.wait()
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            content = letter()
            began = time.perf_counter()
            try:
                status, _ = client.deposit(content, name="lettre.pdf")
            except OSError:
                status = 0
            if status == 201:
                measured.answers.append(time.perf_counter() - began)
            else:
                measured.errors += 1

    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    measured.seconds = time.perf_counter() - began
    return measured


def measure_over_http(name: str, *, seconds: float, reading: bool, **settings: str) -> None:
    """Measure one office with 1, 8 and 32 clients."""
    office = BenchOffice(**settings, JOB_DELIVERY="none")
    try:
        office.set_up()
        office.start("up", **({"JOB_DELIVERY": "thread"} if reading else {}))
        office.wait_for_web()
        from config.organisation import DEMO_PASSWORD

        token = Client(office.port).log_in("amina", DEMO_PASSWORD)
        counts = [8] if reading else [1, 8, 32]
        for clients in counts:
            what = f"{name}, {clients} client{'s' if clients > 1 else ''}"
            found = measure(office.port, token, clients=clients, seconds=seconds)
            print(found.line(what + (", while reading" if reading else "")), flush=True)
        if not reading:
            rate = _rate(_register_once(), seconds=seconds / 2)
            print(f"{name}, receive_letter in one thread, no HTTP".ljust(44) + f"{rate:8.0f}/s")
            _check()
    finally:
        from django.db import connections

        connections.close_all()
        office.close()


def _register_once() -> Callable[[], object]:
    from tests.factories import deposit, file, person

    amina = person("amina")
    return lambda: deposit(actor=amina, files=[file("lettre.pdf", letter())])


def _check() -> None:
    """Raise SystemExit where the register measured on is not whole."""
    from registry.verification import verify_register

    problems = list(verify_register(files=False))
    if problems:
        raise SystemExit(f"the register is broken: {problems[:3]}")


def _rate(work: Callable[[], object], *, seconds: float) -> float:
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        work()
        count += 1
    return count / (time.perf_counter() - began)


def bare_fsyncs(folder: Path) -> None:
    """Write and fsync files of the letters' size, one after the other."""
    content, path = secrets.token_bytes(FILE_BYTES), folder / "fsync"

    def write() -> None:
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    print("a file of 40 KB written and fsynced".ljust(44) + f"{_rate(write, seconds=2):8.0f}/s")
    path.unlink()


def bare_commits(url: str) -> None:
    """Commit one-row updates of PostgreSQL: one session, then eight on one row."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as session:
        session.execute("CREATE TABLE bench (id int PRIMARY KEY, last int)")
        session.execute("INSERT INTO bench SELECT n, 0 FROM generate_series(1, 8) n")

    def rate(row: int) -> float:
        with psycopg.connect(url, autocommit=True) as session:
            sql = "UPDATE bench SET last = last + 1 WHERE id = %s"
            return _rate(lambda: session.execute(sql, [row]), seconds=2)

    print("PostgreSQL, commits of one session".ljust(44) + f"{rate(1):8.0f}/s")
    print("PostgreSQL, 8 sessions on one row".ljust(44) + f"{_together(rate, [1] * 8):8.0f}/s")


def _together(rate: Callable[[int], float], rows: Iterable[int]) -> float:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(rate, rows))


def main() -> int:
    """Measure each database in a process of its own: Django reads its settings once."""
    parser = argparse.ArgumentParser(prog="sijill bench intake", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="per line of the report")
    parser.add_argument("--only", choices=["sqlite", "postgres", "reading"], default=None)
    asked = parser.parse_args()
    if asked.only == "postgres":
        with required({"postgres"}, durable=True) as services:
            url = services.environment["DATABASE_URL"]
            bare_commits(url)
            measure_over_http(
                "PostgreSQL, 2 web workers",
                seconds=asked.seconds,
                reading=False,
                DATABASE_URL=url,
                WEB_WORKERS="2",
            )
        return 0
    if asked.only:
        reading = asked.only == "reading"
        measure_over_http("SQLite, 1 web worker", seconds=asked.seconds, reading=reading)
        return 0
    print(
        json.dumps({"cores": os.cpu_count(), "file_bytes": FILE_BYTES, "load": os.getloadavg()[0]})
    )
    bare_fsyncs(ROOT / "var" if (ROOT / "var").is_dir() else ROOT)
    command = [sys.executable, "-m", "benches.intake", "--seconds", str(asked.seconds), "--only"]
    return max(
        subprocess.run([*command, part], cwd=ROOT, check=False).returncode
        for part in ("sqlite", "reading", "postgres")
    )


if __name__ == "__main__":
    sys.exit(main())
