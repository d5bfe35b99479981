"""How much more two workers on two cores read than one on one: PostgreSQL and Redis, Celery.

Letters of one scanned page wait in the queue; a worker of one process reads half of them, held to
one core, then two workers of one process each read the other half, a core for each. The servers
use what the cores leave. A run is timed from its first readings done to its last: no start is
counted.
"""

import argparse
import contextlib
import io
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benches._services import required
from tests.production.office import Office, kill, worker_commands

PATIENCE: Final = 3600.0
READ: Final = "kind = 'letter.read' AND state = 'done'"
FINISHED: Final = (
    "SELECT extract(epoch FROM finished_at) FROM jobs_job"
    " WHERE kind = 'letter.read' AND state = 'done' ORDER BY finished_at"
)
LINES: Final = 32
LEAST: Final = 16
WORDS: Final = "demande de branchement au réseau d'eau potable"
AIM: Final = 1.8


def main(arguments: Sequence[str]) -> int:
    """Print letters a minute of each run and their ratio; 1 where it is below the aim."""
    parser = argparse.ArgumentParser(prog="sijill bench workers", description=__doc__)
    parser.add_argument("--letters", type=int, default=120, help="in both runs together")
    parser.add_argument("--aim", type=float, default=AIM)
    asked = parser.parse_args(arguments)
    if asked.letters < LEAST:
        parser.error(f"at least {LEAST} letters")
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        print("two cores are needed", file=sys.stderr)
        return 3
    names = {"postgres", "redis"}
    with required(names, durable=True) as services, tempfile.TemporaryDirectory() as folder:
        given = services.environment
        office = Office(
            Path(folder), database=given["DATABASE_URL"], broker=given["TEST_REDIS_URL"]
        )
        try:
            rates = _measure(office, asked.letters, cores)
        finally:
            office.close()
    ratio = rates[1] / rates[0]
    print(f"one worker, one core: {rates[0]:.1f} letters a minute")
    print(f"two workers, two cores: {rates[1]:.1f} letters a minute")
    print(f"ratio: {ratio:.2f}, load {os.getloadavg()[0]:.1f}")
    return 0 if ratio >= asked.aim else 1


def _measure(office: Office, letters: int, cores: Sequence[int]) -> list[float]:
    """Return the letters a minute of one worker, then of two."""
    office.manage("demo", "--prepare")
    web = office.web()
    for number, content in enumerate(scans(letters)):
        office.deposit(content, name=f"lettre-{number}.png")
    office.processes.remove(web)
    kill(web)
    print(f"{letters} letters wait", flush=True)
    half = letters // 2
    rates = [_rate(office, cores[:1], until=half), _rate(office, cores, until=letters)]
    if parked := office.count("state = 'parked'"):
        raise RuntimeError(f"{parked} jobs are parked")
    return rates


def _rate(office: Office, cores: Sequence[int], *, until: int) -> float:
    """Read until so many letters are read, a worker on each core; return letters a minute."""
    before = office.count(READ)
    [command] = [line for name, line in worker_commands().items() if name == "slow"]
    workers = []
    for core in cores:
        line = ["taskset", "-c", str(core), *_with(command, name=f"slow{core}@%h")]
        workers.append(office.start(*line, "-l", "WARNING", log=f"slow{core}"))
    deadline = time.monotonic() + PATIENCE
    while office.count(READ) < until:
        if time.monotonic() > deadline:
            raise TimeoutError(office.log(f"slow{cores[0]}")[-2000:])
        time.sleep(0.5)
    for worker in workers:  # what one is reading is read to its end
        worker.terminate()
    for worker in workers:
        worker.wait(PATIENCE)
        office.processes.remove(worker)
    times = [float(at) for (at,) in office.rows(FINISHED)][before:until]
    warm = len(cores)
    print(f"{len(cores)} workers: {len(times)} letters", flush=True)
    return 60 * (len(times) - 1 - warm) / (times[-1] - times[warm])


def _with(command: Sequence[str], *, name: str) -> list[str]:
    """Return the worker's command with one process, under this name."""
    words = list(command)
    for option, value in (("-c", "1"), ("-n", name)):
        words[words.index(option) + 1] = value
    return words


def scans(count: int) -> Iterator[bytes]:
    """Yield scanned pages of A4 at 150 dpi, no two alike."""
    from PIL import Image, ImageDraw

    for number in range(count):
        words = "\n".join(f"Lettre {number}, ligne {line}: {WORDS}." for line in range(LINES))
        page = Image.new("L", (1240, 1754), "white")
        ImageDraw.Draw(page).multiline_text(
            (120, 160), words, fill="black", font_size=26, spacing=16
        )
        written = io.BytesIO()
        page.save(written, "PNG")
        yield written.getvalue()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
