"""What ordinary clients notice of clients that never finish: pages timed alone and under attack.

The office as `manage up` starts it, and bare gunicorn (8 threads) with the same application as its
peer in the same run. An ordinary client asks for /healthz and for a page of the portal in turn,
each on a connection of its own, undisturbed and while each attack is held; what is not answered
within 5 seconds counts as lost. `--peer` measures any other server with the same application.
"""

import argparse
import http.client
import json
import os
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from benches._office import BenchOffice, Client
from benches._slow import (
    Attack,
    crowd,
    half_uploads,
    held,
    idle,
    old_bodies,
    old_headers,
    pipelined,
    slow_bodies,
    slow_headers,
    slow_readers,
)

GUNICORN = (
    "{python} -m gunicorn config.wsgi:application --bind 127.0.0.1:{port} --worker-class gthread"
    " --threads 8 --timeout 120 --keep-alive 30 --log-level critical"
)
SERVERS = {"the office (manage up)": "", "bare gunicorn, 8 threads": GUNICORN}
LOST_SECONDS = 5
LIMIT = 2  # times the p95 of just before
LARGE_BYTES = 40_000_000
PAGES = ("/healthz", "/portal/")


@dataclass(slots=True)
class Times:
    """Seconds of the answers, and requests without one."""

    answers: list[float] = field(default_factory=list)
    lost: int = 0

    def line(self, what: str, alone: "Times | None" = None) -> str:
        """Return one row of the report."""
        if not self.answers:
            return f"  {what:<34} no answer ({self.lost} lost)"
        p50, p95 = self.shares()
        text = (
            f"  {what:<34} p50 {p50 * 1000:7.1f} ms   p95 {p95 * 1000:7.1f} ms   lost {self.lost}"
        )
        if alone and alone.answers:
            before = alone.shares()
            text += f"   x{p50 / before[0]:.2f}   p95 x{p95 / before[1]:.2f}"
        return text

    def shares(self) -> tuple[float, float]:
        """Return the middle, and what 95 of 100 stay below."""
        took = sorted(self.answers)
        return statistics.median(took), took[min(len(took) - 1, int(len(took) * 0.95))]

    def holds(self, alone: "Times") -> bool:
        """Return whether nothing is lost and the p95 is below twice that of before."""
        if not self.answers or self.lost:
            return False
        return self.shares()[1] < LIMIT * alone.shares()[1]


def ask(port: int, *, seconds: float) -> Times:
    """Ask for pages one after the other, each on a new connection; stop after two lost ones."""
    times, until = Times(), time.perf_counter() + seconds
    while time.perf_counter() < until and times.lost < 2:
        for path in PAGES:
            began = time.perf_counter()
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=LOST_SECONDS)
            try:
                link.request("GET", path)
                answer = link.getresponse()
                answer.read()
                if answer.status != 200:
                    raise OSError(answer.status)
                times.answers.append(time.perf_counter() - began)
            except (OSError, http.client.HTTPException):
                times.lost += 1
            finally:
                link.close()
    return times


def attacks(token: str, large: str) -> Iterator[Attack]:
    """Yield all attacks, mildest first."""
    yield slow_headers(8)
    yield slow_headers(200)
    yield slow_bodies(200)
    yield half_uploads(8, path="/portal/deposit/")
    yield half_uploads(8, path="/portal/deposit/", drip=b"x")
    yield half_uploads(8, path="/api/v1/letters", token=token, drip=b"x")
    yield idle(200)
    yield idle(500)
    yield slow_readers(8, path=large, token=token)
    yield slow_readers(50, path=large, token=token)
    yield pipelined(8, requests=100)
    yield pipelined(50, requests=100)
    yield pipelined(8, requests=100, eager=True)
    yield pipelined(50, requests=100, eager=True)
    yield crowd(50)
    yield old_headers(200)
    yield old_bodies(200)


def measure(office: BenchOffice, name: str, command: str, *, seconds: float, of: str) -> list[str]:
    """Measure one server, alone and under each attack in turn; return those it does not stand.

    Of the attacks, those whose names have `of` in them.
    """
    broken = []
    print(name, flush=True)
    token, large = _large_file(office)
    process = _start(office, command)
    try:
        for attack in (one for one in attacks(token, large) if of in one.name):
            _wait_until_calm(office.port)
            alone = ask(office.port, seconds=seconds)
            with held(attack, office.port):
                time.sleep(5)  # long enough for each socket to have said what it says
                under = ask(office.port, seconds=seconds)
            print(alone.line("undisturbed"), flush=True)
            print(under.line(attack.name, alone), flush=True)
            if not under.holds(alone):
                broken.append(attack.name)
    finally:
        office.stop(process)
    return broken


def _start(office: BenchOffice, command: str) -> "subprocess.Popen[bytes]":
    words = shlex.split(command.format(python=sys.executable, port=office.port))
    process = office.start_program("peer", *words) if words else office.start("up")
    office.wait_for_web()
    return process


def _wait_until_calm(port: int, *, seconds: float = 60) -> None:
    """Wait until pages are answered again, after the attack before."""
    until = time.monotonic() + seconds
    while not ask(port, seconds=0.5).answers:
        if time.monotonic() > until:
            raise TimeoutError("no page is answered")


def _large_file(office: BenchOffice) -> tuple[str, str]:
    """Return a token, and the address of an original of 40 MB."""
    from config.organisation import DEMO_PASSWORD

    process = office.start("up")
    office.wait_for_web()
    client = Client(office.port)
    token = client.log_in("amina", DEMO_PASSWORD)
    content = f"{time.time()}\n".encode() + b"A line of a long text.\n" * (LARGE_BYTES // 23)
    status, letter = client.deposit(content, name="long.txt")
    if status != 201:
        raise RuntimeError(f"no large file: {status} {letter}")
    office.stop(process)
    return token, f"/api/v1/letters/{letter['id']}/documents/{letter['files'][0]['id']}/content"


def main() -> int:
    """Measure the office and its peer, or the one that is asked for."""
    parser = argparse.ArgumentParser(prog="sijill bench slow_clients", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4, help="per line of the report")
    parser.add_argument("--peer", help="a command with {port} and {python}, in place of both")
    parser.add_argument(
        "--data-dir", default="", help="an office that is kept, in place of a new one"
    )
    parser.add_argument("--of", default="", help="attacks with these words in their names alone")
    parser.add_argument("--alone", action="store_const", const=1, help="without its peer")
    asked = parser.parse_args()
    print(json.dumps({"cores": os.cpu_count(), "load": os.getloadavg()[0]}))
    kept = {"DATA_DIR": asked.data_dir} if asked.data_dir else {}
    office = BenchOffice(JOB_DELIVERY="none", **kept)
    servers = {asked.peer: asked.peer} if asked.peer else dict(list(SERVERS.items())[: asked.alone])
    broken: dict[str, list[str]] = {}
    try:
        office.set_up()
        for name, command in servers.items():
            broken[name] = measure(office, name, command, seconds=asked.seconds, of=asked.of)
    finally:
        office.close()
    print(json.dumps({"load": os.getloadavg()[0]}))
    for name, attacks_that_tell in broken.items():
        told = ", ".join(attacks_that_tell) or "none"
        print(f"{name}: p95 not below {LIMIT} times that of just before, or a request lost: {told}")
    return 1 if next(iter(broken.values())) else 0


if __name__ == "__main__":
    sys.exit(main())
