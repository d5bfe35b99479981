"""Lists of requests in an archive: times and numbers of queries of the page and the API.

Makes letters and a request of one of the shipped services for each incoming one (bulk-made rows, a
third of them still open), with citizens, calls, call-backs, work orders and alarms around them.
Then opens each list and each page of the centre as its usual user, in this process.
"""

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benches._centre import BUSY, furnish
from benches._office import BenchOffice

HEAD, CLERK, DIRECTOR, OTHER = "dounia", "amina", "direction", "chafik"
AGENT, TEAM, CITIZEN = "ghita", "badr", "a citizen"
BATCH = 2_000
FAR = 20


@dataclass(frozen=True, slots=True)
class Question:
    """A list and who opens it; `far` opens that page by its cursor, having gone there before.

    `follow`: the page that the address leads to is measured. Nobody is signed in for "".
    """

    name: str
    who: str
    address: str
    far: int = 1
    follow: bool = False


QUESTIONS = (
    Question("open requests, office", CLERK, "/requests/"),
    Question(f"open requests, page {FAR}", CLERK, "/requests/", far=FAR),
    Question("open requests, department", HEAD, "/requests/"),
    Question("of another department", OTHER, "/requests/"),
    Question("all with ended ones", DIRECTOR, "/requests/?ended=1"),
    Question("one service", CLERK, "/requests/?service=complaint_water&ended=1"),
    Question("one kind of stage", CLERK, "/requests/?stage=waiting_citizen"),
    Question("late, office", DIRECTOR, "/requests/?late=1"),
    Question("late, department", HEAD, "/requests/?late=1"),
    Question("assigned to me", HEAD, "/requests/?mine=1"),
    Question("by a name", CLERK, "/requests/?q=Bennani&ended=1"),
    Question("by a name that nobody has", CLERK, "/requests/?q=Xyzzy&ended=1"),
    Question("API, first page", CLERK, "/api/v1/requests"),
    Question("API, late", HEAD, "/api/v1/requests?late=true"),
    Question("API, one service", DIRECTOR, "/api/v1/requests?service=enquiry&stage=end"),
    Question("centre, console", AGENT, "/centre/"),
    Question("centre, by telephone", AGENT, "/centre/?q=0600000007", follow=True),
    Question("centre, by a name", AGENT, "/centre/?q=Bennani"),
    Question("centre, by an Arabic name", AGENT, "/centre/?q=الجابري"),
    Question("centre, busy customer", AGENT, f"/centre/?q={BUSY}", follow=True),
    Question("centre, late requests", AGENT, "/centre/late/"),
    Question("centre, late of a unit", DIRECTOR, "/centre/late/?unit=EAU"),
    Question("centre, shift", AGENT, "/centre/shift/"),
    Question("centre, figures of a year", DIRECTOR, "/centre/figures/"),
    Question("centre, call-backs", AGENT, "/centre/callbacks/"),
    Question("call-backs done", AGENT, "/centre/callbacks/?show=done"),
    Question("call-backs, department", HEAD, "/centre/callbacks/"),
    Question("API, contacts", AGENT, "/api/v1/contact-moments"),
    Question("API, call-backs", AGENT, "/api/v1/call-backs"),
    Question("work orders, week", CLERK, "/work-orders/"),
    Question("work orders, all", HEAD, "/work-orders/?span=all"),
    Question("work orders, late", CLERK, "/work-orders/?late=1"),
    Question("API, work orders", CLERK, "/api/v1/work-orders"),
    Question("field, the team's sheet", TEAM, "/field/"),
    Question("alarms", CLERK, "/danger/"),
    Question("mandates that wait", CLERK, "/mandates/"),
    Question("my space", CITIZEN, "/my/"),
    Question("my messages", CITIZEN, "/my/messages/"),
    Question("catalogue", "", "/portal/"),
    Question("services found", "", "/services/?q=compteur"),
)


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="sijill bench requests", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=60, help="how often each list is opened")
    parser.add_argument("--keep", metavar="DIR", help="make or use the office there")
    asked = parser.parse_args(arguments)
    kept = {"DATA_DIR": asked.keep} if asked.keep else {}
    office = BenchOffice(LOG_LEVEL="ERROR", JOB_DELIVERY="none", **kept)
    try:
        office.set_up()
        began = time.monotonic()
        made = _make(asked.requests)
        furnish()
        print(f"{made} requests made in {time.monotonic() - began:.0f} s")
        titles = ("queries", "p50 ms", "p95 ms", "CPU p50", "CPU p95", "rows")
        print(f"{'list':<28}" + "".join(f"{title:>9}" for title in titles))
        for question in QUESTIONS:
            _measure(question, rounds=asked.rounds)
    finally:
        office.close()


def _make(wanted: int) -> int:
    """Write letters, and requests of all published services."""
    from benches._archive import fill
    from eservices.catalogue.loading import load_shipped
    from eservices.catalogue.publishing import published_types
    from eservices.requests.models import Request
    from registry.models.letters import Letter

    load_shipped()
    if (there := Request.objects.count()) >= wanted:
        return there
    fill(wanted * 3 // 2)
    types, made = published_types(), 0
    free = Letter.objects.filter(register__direction="in", request=None)
    letters = free.order_by("pk")[:wanted]
    batch: list[Request] = []
    for letter in letters.iterator():
        batch.append(_row(letter, types[made % len(types)], made))
        made += 1
        if len(batch) == BATCH:
            Request.objects.bulk_create(batch)
            batch = []
    Request.objects.bulk_create(batch)
    return made


def _row(letter: Any, published: Any, number: int) -> Any:
    from eservices.requests.models import Request

    stages = published.definition.stages
    is_open = number % 3 == 0
    within = [stage for stage in stages if (stage.kind != "end") is is_open]
    stage = within[number % len(within)]
    at = letter.registered_at
    return Request(
        letter_id=letter.pk,
        service_id=published.version.service_id,
        version_id=published.version.pk,
        answers={},
        language=letter.language or "fr",
        contract_number=str(100_000 + number),
        stage=stage.code,
        stage_kind=stage.kind,
        stage_since=at,
        stage_due_on=at.date() + timedelta(days=number % 4000) if is_open else None,
        outcome="" if is_open else "granted",
        opened_at=at,
        ended_at=None if is_open else at,
    )


def _measure(question: Question, *, rounds: int) -> None:
    """Print queries and times of one list."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"accept-language": "fr"}, SERVER_NAME="localhost")
    _sign_in(client, question.who)
    address = question.address
    if question.follow:
        address = str(client.get(address, follow=True).request["PATH_INFO"])
    for _page in range(question.far - 1):
        address = next(_further(client.get(address), question.address))
    answer = client.get(address)
    gc.collect()  # what making the archive has left is not the page's
    gc.freeze()
    if answer.status_code != 200:
        raise RuntimeError(f"{question.name}: {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    asked = len(queries)  # the requests that follow empty the log
    times = [_timed(client, address) for _round in range(rounds)]
    told = [part for at in (0, 1) for part in _middle_and_p95(sorted(one[at] for one in times))]
    rows = answer.content.count(b"data-row") or answer.content.count(b'"stage_kind"')
    shown = "".join(f"{number:>9.0f}" for number in (asked, *told, rows))
    print(f"{question.name:<28}{shown}", flush=True)


def _middle_and_p95(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))]


def _sign_in(client: Any, username: str) -> None:
    from eservices.people.models import ContactPoint
    from org.models import User

    if username == CITIZEN:
        _citizen(client, ContactPoint.objects.get(key=BUSY).person)
    if username in {"", CITIZEN}:
        return
    client.force_login(User.objects.get(username=username))
    session = client.session
    session["seen_at"] = int(time.time())
    session.save()


def _citizen(client: Any, person: Any) -> None:
    """Sign a citizen in to my space."""
    from tests.spaces import let_in

    session = client.session
    let_in(session, person)
    session.save()


def _further(answer: Any, address: str) -> Iterator[str]:
    import html
    import re

    found = re.findall(r'href="\?([^"]*from=[^"]+)"', answer.content.decode())
    for query in found[:1]:
        yield f"{address.partition('?')[0]}?{html.unescape(query)}"


def _timed(client: Any, address: str) -> tuple[float, float]:
    """Return the milliseconds that passed, and those of the processor."""
    began, worked = time.perf_counter(), time.thread_time()
    client.get(address)
    return (time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000


if __name__ == "__main__":
    main(sys.argv[1:])
