"""What an office's processes and queues do over time in a bench: memory, jobs, reading."""

import contextlib
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from benches._production import PROCESSES, SERVERS, Production, family
from benches._recorded import at_share

WAITING: Final = """
SELECT queue, count(*), count(*) FILTER (WHERE kind = 'letter.read'),
       coalesce(extract(epoch FROM max(now() - created_at)), 0)
FROM jobs_job WHERE state IN ('ready', 'running') AND run_after <= now() GROUP BY queue
"""
DELAYS: Final = """
SELECT extract(epoch FROM finished_at - created_at) FROM jobs_job
WHERE kind = 'letter.read' AND state = 'done' AND finished_at > %s AND finished_at <= %s
"""
WARM: Final = 1 / 3  # of a run, which the slope of memory leaves out


@dataclass
class Sample:
    """One look: seconds since the beginning, megabytes by part, jobs, seconds until read."""

    at: float
    memory: dict[str, float] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    unread: int = 0
    delay: float | None = None


class Watch:
    """Looks at the office again and again while people work."""

    def __init__(self, office: Production, *, every: float) -> None:
        self.office, self.every = office, every
        self.samples: list[Sample] = []
        self._began = time.monotonic()
        self._seen: Any = None
        self._end = threading.Event()

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """Look while the block runs."""
        thread = threading.Thread(target=self._look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join(30)

    def _look(self) -> None:
        while True:
            self.samples.append(self._sample())
            if self._end.wait(self.every):
                return

    def _sample(self) -> Sample:
        one = Sample(round(time.monotonic() - self._began, 1))
        for name in (*PROCESSES, *SERVERS):
            with contextlib.suppress(OSError, KeyError):
                one.memory[name] = memory_of(self.office.pid_of(name))
        with contextlib.suppress(psycopg.Error):
            self._ask(one)
        return one

    def _ask(self, one: Sample) -> None:
        with psycopg.connect(self.office.database, autocommit=True, connect_timeout=5) as session:
            [(now,)] = session.execute("SELECT now()").fetchall()
            for queue, count, reading, _oldest in session.execute(WAITING).fetchall():
                one.waiting[queue] = count
                one.unread += reading
            rows = session.execute(DELAYS, (self._seen or now, now)).fetchall()
            self._seen = now
            one.delay = round(statistics.median(float(row[0]) for row in rows), 1) if rows else None


def memory_of(pid: int) -> float:
    """Return the megabytes of a process and all below it; what they share is counted once."""
    total = 0.0
    for one in family(pid):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
            line = next((line for line in text.splitlines() if line.startswith("Pss:")), "")
            total += int(line.split()[1]) / 1024 if line else 0
    return round(total, 1)


@dataclass(frozen=True, slots=True)
class Slope:
    """How a part's memory went: first, last and most megabytes, MB an hour of the later part."""

    first: float
    last: float
    most: float
    an_hour: float


def slope_of(points: list[tuple[float, float]]) -> Slope | None:
    """Return the line through (seconds, megabytes), without the first third; None for too few."""
    if len(points) < 4:
        return None
    until = points[0][0] + (points[-1][0] - points[0][0]) * WARM
    later = [point for point in points if point[0] >= until]
    if len(later) < 3 or later[0][0] == later[-1][0]:
        return None
    line = statistics.linear_regression([x for x, _y in later], [y for _x, y in later])
    values = [y for _x, y in points]
    return Slope(values[0], values[-1], max(values), round(line.slope * 3600, 1))


def slopes(samples: list[Sample]) -> dict[str, Slope]:
    """Return how the memory of each part went."""
    found = {}
    for name in (*PROCESSES, *SERVERS):
        points = [(one.at, one.memory[name]) for one in samples if one.memory.get(name)]
        if (slope := slope_of(points)) is not None:
            found[name] = slope
    return found


def delays(office: Production) -> dict[str, float]:
    """Return p50, p95 and p99 of the seconds from a deposit to its reading, over the whole run."""
    took = [
        float(row[0])
        for row in office.rows(
            "SELECT extract(epoch FROM finished_at - created_at) FROM jobs_job"
            " WHERE kind = 'letter.read' AND state = 'done'"
        )
    ]
    return {f"p{round(part * 100)}": round(at_share(took, part), 1) for part in (0.5, 0.95, 0.99)}
