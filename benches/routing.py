"""Inbox, tray, backlog, due list and figures in a large archive: times and numbers of queries.

Makes letters and their assignments (bulk-made rows; the department EAU has some 3,000 open letters
among hundreds of thousands that are settled), counts the figures, and opens each page as its usual
user: in this process, where the queries are counted, and over HTTP. With --keep DIR the office is
used again, and a making that was interrupted goes on.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benches._office import BenchOffice
from benches._services import required

HEAD, CLERK, DIRECTOR = "dounia", "amina", "direction"
FAR = 50


@dataclass(frozen=True, slots=True)
class Question:
    """A page and who opens it; `far` opens that page by its cursor, having gone there before."""

    name: str
    who: str
    address: str
    far: int = 1


def questions(last: str) -> list[Question]:
    """Return the pages; `last` is the newest month (YYYY-MM) with settled letters."""
    before = f"{int(last[:4]) - 1}{last[4:]}"
    year, days = f"since={before}&until={last}", f"since={before}-01&until={last}-01"
    return [
        Question("inbox", HEAD, "/inbox/"),
        Question(f"inbox, page {FAR}", HEAD, "/inbox/", far=FAR),
        Question("inbox, late", HEAD, "/inbox/?show=late"),
        Question("inbox, newest first", HEAD, "/inbox/?order=newest"),
        Question("inbox, by sender", HEAD, "/inbox/?order=sender"),
        Question("inbox, a sender", HEAD, "/inbox/?sender=jabri&channel=email"),
        Question("inbox, signed off", HEAD, "/inbox/?show=done"),
        Question(f"signed off, page {FAR}", HEAD, "/inbox/?show=done", far=FAR),
        Question("tray", CLERK, "/tray/"),
        Question("tray, by sender", CLERK, "/tray/?order=sender"),
        Question("backlog of a department", HEAD, "/lists/"),
        Question("backlog of the office", DIRECTOR, "/lists/"),
        Question("backlog, a kind", DIRECTOR, "/lists/?kind=complaint_technical"),
        Question("due list", HEAD, "/lists/due/"),
        Question("due list of the office", DIRECTOR, "/lists/due/"),
        Question("refusals of a year", DIRECTOR, f"/lists/refusals/?{days}"),
        Question("outcomes of a year", DIRECTOR, f"/lists/outcomes/?{days}"),
        Question("gaps and anomalies", DIRECTOR, "/register/anomalies/"),
        Question("figures of a year", DIRECTOR, f"/figures/?{year}"),
        Question("figures, a department", HEAD, f"/figures/?{year}"),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the table; exit 3 where a service is missing."""
    parser = argparse.ArgumentParser(prog="sijill bench routing", description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make or use the office there")
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL in place of SQLite")
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is opened")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args(arguments)
    with ExitStack() as stack:
        services = stack.enter_context(required({"postgres"} if asked.postgres else set()))
        settings = {"JOB_DELIVERY": "none"}
        if asked.postgres:
            settings["DATABASE_URL"] = services.environment["DATABASE_URL"]
        if asked.keep:
            settings["DATA_DIR"] = str(asked.keep)
        office = BenchOffice(**settings)
        stack.callback(office.close)
        office.set_up()
        report = _measure(office, asked)
        if asked.json:
            asked.json.write_text(json.dumps(report, indent=1))
        _close_database()
    return 0


def _measure(office: BenchOffice, asked: argparse.Namespace) -> dict[str, Any]:
    from benches._archive import fill
    from benches._assigned import assign_archive

    seconds = {"letters": round(fill(asked.letters), 1)}
    seconds["assignments"] = round(assign_archive(largest="EAU"), 1)
    seconds["figures"] = round(_count_figures(), 1)
    print(f"{asked.letters} letters; made in seconds: {json.dumps(seconds)}", flush=True)
    web = office.start("up")
    office.wait_for_web()
    rows = [
        _asked(office.port, question, asked.rounds, web.pid) for question in questions(_newest())
    ]
    office.stop(web)
    print(
        f"{'page':<28}{'queries':>8}{'view p50':>10}{'p95':>8}"
        f"{'HTTP p50':>10}{'p95':>8}{'cpu':>8}  ms"
    )
    for row in rows:
        view, over = row["view"], row["http"]
        print(
            f"{row['page']:<28}{row['queries']:>8}{view[0]:>10.1f}{view[1]:>8.1f}"
            f"{over[0]:>10.1f}{over[1]:>8.1f}{row['cpu']:>8.1f}"
        )
    return {"letters": asked.letters, "made_seconds": seconds, "rows": rows}


def _count_figures() -> float:
    """Count the figures of every month where none was counted yet; return seconds."""
    from figures.counting import count_all
    from figures.models import MonthFigures

    began = time.monotonic()
    if not MonthFigures.objects.exists():
        count_all()
    return time.monotonic() - began


def _newest() -> str:
    from registry.models.letters import Letter

    newest = Letter.objects.filter(stage="closed").order_by("-registered_at").first()
    if newest is None:
        raise LookupError("no letter is settled")
    return f"{newest.registered_at:%Y-%m}"


def _asked(port: int, question: Question, rounds: int, web: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    from benches._searches import _Getter, cpu_seconds
    from org.models import User

    browser = Browser(headers={"host": "127.0.0.1"})
    browser.force_login(User.objects.get(username=question.who))
    address = _far(browser, question)

    def view() -> None:
        answer = browser.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{answer.status_code} for {question.address}")

    view()
    with CaptureQueriesContext(connection) as queries:
        view()
    get = _Getter(port, {"Cookie": f"sessionid={browser.cookies['sessionid'].value}"})
    report: dict[str, Any] = {"page": question.name, "queries": len(queries)}
    report["view"] = _timed(view, rounds)
    get(address)
    began = cpu_seconds(web)
    report["http"] = _timed(lambda: get(address), rounds)
    # Of the rounds and their two warm-up calls.
    report["cpu"] = 1000 * (cpu_seconds(web) - began) / (rounds + 2)
    return report


_NEXT = re.compile(r'class="more-link"><a class="button" href="([^"]+)"')


def _far(browser: Any, question: Question) -> str:
    """Return the address of the page so many pages down, or of the last one there is."""
    path = question.address.partition("?")[0]
    address = question.address
    for _ in range(question.far - 1):
        found = _NEXT.search(browser.get(address).content.decode())
        if found is None:
            break
        address = path + found[1].replace("&amp;", "&")
    return address


def _timed(ask: Callable[[], Any], rounds: int) -> list[float]:
    """Return p50 and p95 in milliseconds, after two warm-up calls."""
    for _ in range(2):
        ask()
    spent = sorted(_each(ask, rounds))
    return [spent[int(len(spent) * share)] for share in (0.5, 0.95)]


def _each(ask: Callable[[], Any], rounds: int) -> Iterator[float]:
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        yield 1000 * (time.perf_counter() - began)


def _close_database() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
