"""Memory that stays flat: each kind of job, and the pages, again and again in one process.

A process that is loaded as a worker's are forks; its child does the work of each kind of job that
an office's letters made, `--times` times. Then the web server answers `--pages` pages to eight
people at once. Told are megabytes that the process has for itself: after the first tenth, at the
end, and how many a further thousand would cost.
"""

import argparse
import itertools
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from benches._browser import Browser
from benches._counter import PASSWORD
from benches._day import letter
from benches._office import BenchOffice
from benches._production import family

LETTERS: Final = 12
READERS: Final = ("amina", "badr", "dounia", "ghita")
EACH: Final = 8  # people at once
ENOUGH: Final = 100  # calls by which growth may be told


def own_megabytes(pid: int) -> float:
    """Return what a process alone has in memory."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("Private_")]
    return round(sum(kilobytes) / 1024, 1)


def grown(call: Callable[[int], object], *, times: int, seconds: float) -> dict[str, Any]:
    """Call it so often, or so long; return how the memory of this process went."""
    pid, first, done, failed = os.getpid(), own_megabytes(os.getpid()), 0, 0
    warm, warm_at, began = first, 0, time.monotonic()
    while done < times and time.monotonic() - began < seconds:
        try:
            call(done)
        except Exception:  # it is said, and the next call begins
            failed += 1
        done += 1
        if done == max(1, times // 10):
            warm, warm_at = own_megabytes(pid), done
    last = own_megabytes(pid)
    known = warm_at and done - warm_at >= ENOUGH
    more = (last - warm) / (done - warm_at) * 1000 if known else None
    spent = (time.monotonic() - began) / max(1, done) * 1000
    return {
        "times": done, "failed": failed, "ms each": round(spent, 1), "before": first, "warm": warm,
        "last": last, "a further thousand": None if more is None else round(more, 1),
    }  # fmt: skip


def jobs(*, times: int, seconds: float) -> dict[str, dict[str, Any]]:
    """Do the work of each kind of the fast queue in a child of a loaded process."""
    from django.db import connections

    from config.preloading import preload_worker

    subjects = _subjects()
    preload_worker({"fast"})
    out, into = os.pipe()
    connections.close_all()
    child = os.fork()
    if child == 0:
        os.close(out)
        try:
            found = {kind: _kind(kind, some, times, seconds) for kind, some in subjects.items()}
            os.write(into, json.dumps(found).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as answer:
        told = answer.read()
    os.waitpid(child, 0)
    return dict(json.loads(told))


def _subjects() -> dict[str, list[str]]:
    """Deposit letters, do all that follows; return the jobs' subjects by their kinds."""
    from jobs import runner
    from jobs.models import Job
    from tests.factories import deposit, file

    for number in range(1, LETTERS + 1):
        name, content = letter(number, scans=10**9)
        deposit(subject=f"Mesure {number}", files=[file(name, content)])
    runner.drain()
    found: dict[str, list[str]] = {}
    for kind, subject in Job.objects.filter(queue="fast", state="done").values_list(
        "kind", "subject"
    ):
        found.setdefault(kind, []).append(subject)
    return found


def _kind(kind: str, subjects: list[str], times: int, seconds: float) -> dict[str, Any]:
    from jobs.table import step_of

    step = step_of(kind)
    told = grown(
        lambda number: step.work(subjects[number % len(subjects)], lambda *_words: None),
        times=times,
        seconds=seconds,
    )
    print(f"{kind}: {told}", flush=True)
    return told


def pages(office: BenchOffice, *, times: int) -> dict[str, Any]:
    """Let people read pages of the web server; return how its processes' memory went."""
    web = office.start("up")
    office.wait_for_web(seconds=180)
    turn, answered = itertools.count(), list[int]()
    places = _places()

    def read(reader: str) -> None:
        browser = Browser(f"http://127.0.0.1:{office.port}")
        browser.log_in(reader, PASSWORD)
        while (number := next(turn)) < times:
            answered.append(browser.get(places[number % len(places)]).status_code)

    people = [
        threading.Thread(target=read, args=(READERS[place % len(READERS)],), daemon=True)
        for place in range(EACH)
    ]
    points: list[tuple[int, float]] = [(0, _web(web.pid))]
    for one in people:
        one.start()
    while any(one.is_alive() for one in people):
        time.sleep(0.5)
        done = len(answered)
        if done - points[-1][0] >= max(1, times // 10):
            points.append((done, _web(web.pid)))
            print(f"pages: {points[-1]}", flush=True)
    points.append((len(answered), _web(web.pid)))
    office.stop(web)
    if len(answered) < times:
        raise SystemExit(f"only {len(answered)} of {times} pages were answered")
    warm = next(point for point in points if point[0] >= times // 3)
    more = (points[-1][1] - warm[1]) / max(1, points[-1][0] - warm[0]) * 1000
    return {
        "times": times, "failed": sum(status >= 400 for status in answered),
        "before": points[0][1], "warm": warm[1],
        "last": points[-1][1], "a further thousand": round(more, 1), "points": points,
    }  # fmt: skip


def _web(pid: int) -> float:
    return round(sum(own_megabytes(one) for one in family(pid)), 1)


def _places() -> list[str]:
    from registry.models.letters import Letter

    letters = [f"/letters/{pk}/" for pk in Letter.objects.values_list("pk", flat=True)[:40]]
    plain = ["/", "/tray/", "/search/?q=fuite", "/search/?q=compteur", "/services/", "/follow/"]
    return [place for one in letters for place in (one, *plain)]


def _table(told: dict[str, dict[str, Any]]) -> str:
    rows = ["| | times | ms each | MB first | after a tenth | last | a further thousand |"]
    rows.append("|---|---|---|---|---|---|---|")
    rows += [
        f"| {name} | {one['times']:,} | {one.get('ms each', '')} | {one['before']} | {one['warm']} "
        f"| {one['last']} | {one['a further thousand']} |"
        for name, one in sorted(told.items())
    ]
    return "\n".join(rows)


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="sijill bench memory", description=__doc__)
    parser.add_argument("--times", type=int, default=1000, help="each kind of job")
    parser.add_argument("--seconds", type=float, default=120, help="for one kind, at most")
    parser.add_argument("--pages", type=int, default=5000)
    given = parser.parse_args()
    with ExitStack() as stack:
        office = BenchOffice(JOB_DELIVERY="none", MEANING="no", LOG_LEVEL="ERROR")
        stack.callback(office.close)
        office.set_up()
        told = jobs(times=given.times, seconds=given.seconds) if given.times else {}
        if given.pages:
            told["web"] = pages(office, times=given.pages)
        from django.db import connections

        connections.close_all()
    print(_table(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
