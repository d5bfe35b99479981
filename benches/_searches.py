"""The questions of the search bench, asked in three ways and timed."""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benches._office import BenchOffice, Client
from registry.kinds import RegistryJob

Question = dict[str, Any]
PEOPLE = ("amina", "badr")  # the registry office; a member of the department EAU
PAGE = 50


def questions(rounds: int) -> dict[str, list[Question]]:
    """Return questions of each kind, seeded; Arabic and French in turn."""
    from benches._archive import vocabulary

    rng = random.Random(5)

    def word(low: int, high: int, language: str, *, least: int = 3) -> str:
        words = vocabulary(language).words
        while len(found := words[rng.randrange(low, high)]) < least:
            pass
        return found

    def phrase(language: str) -> str:
        words = rng.choice(vocabulary(language).sentences).split()
        start = rng.randrange(max(len(words) - 3, 1))
        return " ".join(words[start : start + 3]).strip("«»\"'.,:;،؛")

    def typo(language: str) -> str:
        right = word(50, 3_000, language, least=6)
        place = rng.randrange(1, len(right) - 1)
        return right[:place] + right[place + 1 :]

    def each(make: Callable[[str], Question]) -> list[Question]:
        return [make(("fr", "ar")[number % 2]) for number in range(rounds)]

    return {
        "one word": each(lambda of: {"q": word(50, 5_000, of)}),
        "rare word": each(lambda of: {"q": word(5_000, 30_000, of)}),
        "two words and department": each(
            lambda of: {"q": f"{word(20, 500, of)} {word(20, 500, of)}", "department": "EAU"}
        ),
        "phrase": each(lambda of: {"q": f'"{phrase(of)}"'}),
        "prefix": each(lambda of: {"q": word(20, 3_000, of, least=4)[:4] + "*"}),
        "typo": each(lambda of: {"q": typo(of)}),
        "half of the archive": each(lambda of: {"q": {"fr": "directeur", "ar": "المدير"}[of]}),
        "facets of everything": each(lambda of: {"q": "", "language": of}),
        f"page {PAGE}": [  # by relevance; the way there is not counted
            {"q": q, "page": PAGE} for q in ("directeur", "المدير", "eau", "الماء") * (rounds // 8)
        ],
    }


class Asker:
    """Asks the questions as each person, in each way."""

    def __init__(self, port: int, *, rounds: int, web: int) -> None:
        """Ask the office at that port; `web` is the process that starts those that answer."""
        self.port = port
        self.web = web
        self.questions = questions(rounds)

    def ask_all(self) -> list[dict[str, Any]]:
        """Return one row for each kind of question, person and way."""
        rows = []
        for username in PEOPLE:
            ways = {
                "find_letters": self._find(username),
                "page": self._page(username),
                "api": self._api(username),
            }
            for kind, asked in self.questions.items():
                for by, ask in ways.items():
                    timed = _timed(ask, asked, self.web if by != "find_letters" else 0)
                    rows.append({"question": kind, "as": username, "by": by} | timed)
        return rows

    def _find(self, username: str) -> Callable[[Question], tuple[float, int]]:
        from org.models import User
        from search.services import find_letters

        viewer = User.objects.get(username=username)

        def ask(question: Question) -> tuple[float, int]:
            filters = {name: [question[name]] for name in _FILTERS if name in question}
            cursor = ""
            for _ in range(question.get("page", 1)):
                began = time.perf_counter()
                found = find_letters(
                    viewer=viewer, words=question["q"], filters=filters, cursor=cursor
                )
                spent = time.perf_counter() - began
                cursor = found.next_cursor
                if not cursor:
                    break
            if found.engine_down:
                raise RuntimeError("the engine is away")
            return spent, found.total

        return ask

    def _api(self, username: str) -> Callable[[Question], tuple[float, int]]:
        from config.organisation import DEMO_PASSWORD

        token = Client(self.port).log_in(username, DEMO_PASSWORD)
        get = _Getter(self.port, {"Authorization": f"Token {token}"})

        def ask(question: Question) -> tuple[float, int]:
            parts = {name: question[name] for name in ("q", *_FILTERS) if name in question}
            cursor = ""
            for _ in range(question.get("page", 1)):
                spent, body = get("/api/v1/search?" + urlencode(parts | {"cursor": cursor}))
                answer = json.loads(body)
                cursor = answer["next_cursor"]
                if not cursor:
                    break
            return spent, int(answer["total"])

        return ask

    def _page(self, username: str) -> Callable[[Question], tuple[float, int]]:
        """Return a function that asks as a logged-in browser; it does not read the total."""
        from django.test import Client as Browser

        from org.models import User

        browser = Browser()
        browser.force_login(User.objects.get(username=username))
        get = _Getter(self.port, {"Cookie": f"sessionid={browser.cookies['sessionid'].value}"})
        cursors = self._find_cursors(username)

        def ask(question: Question) -> tuple[float, int]:
            parts = {name: question[name] for name in ("q", *_FILTERS) if name in question}
            if "page" in question:
                parts["from"] = cursors(question)
            return get("/search/?" + urlencode(parts))[0], -1

        return ask

    def _find_cursors(self, username: str) -> Callable[[Question], str]:
        """Return a function that finds the cursor of a page far down, once for each question."""
        from org.models import User
        from search.services import find_letters

        viewer = User.objects.get(username=username)
        known: dict[str, str] = {}

        def cursor(question: Question) -> str:
            words = question["q"]
            if words not in known:
                known[words] = ""
                for _ in range(question["page"] - 1):
                    known[words] = find_letters(
                        viewer=viewer, words=words, cursor=known[words]
                    ).next_cursor
            return known[words]

        return cursor


_FILTERS = ("department", "language")
_KEPT_OPEN = 10.0


class _Getter:
    """One kept connection; raises RuntimeError for an answer that is not 200."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = headers
        self._used = time.monotonic()

    def __call__(self, path: str) -> tuple[float, bytes]:
        if time.monotonic() - self._used > _KEPT_OPEN:
            self._connection.close()  # the server gives up a connection that nobody uses
        began = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        response = self._connection.getresponse()
        body = response.read()
        spent = time.perf_counter() - began
        self._used = time.monotonic()
        if response.status != 200:
            raise RuntimeError(f"{response.status} for {path.partition('?')[0]}")
        return spent, body


def _timed(
    ask: Callable[[Question], tuple[float, int]], asked: list[Question], web: int
) -> dict[str, float]:
    """Return percentiles in milliseconds, after two warm-up questions, and the middle total.

    "cpu" is the processor time of an answer in the office's processes, where `web` names them;
    of all further pages too that a question asks for on its way.
    """
    for question in asked[:2]:
        ask(question)
    began = cpu_seconds(web)
    answers = [ask(question) for question in asked]
    cpu = 1000 * (cpu_seconds(web) - began) / len(answers)
    spent = sorted(1000 * seconds for seconds, _ in answers)
    at = {name: spent[min(int(len(spent) * share), len(spent) - 1)] for name, share in _SHARES}
    return at | {"cpu": cpu, "total": statistics.median_low([total for _, total in answers])}


_SHARES = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))


def memory_mb(pid: int) -> float:
    """Return the own memory in MB of a process or of its largest child, whichever is more.

    Pages of index files that are mapped are left out: the system takes them back when it needs
    them.
    """
    return max(_own_kb(one) for one in (pid, *_children(pid))) / 1024


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process and its children have used so far; 0 for pid 0."""
    ids = (pid, *_children(pid)) if pid else ()
    return sum(_ticks(one) for one in ids) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(told[11]) + int(told[12])


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from _children(int(child))


def _own_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("RssAnon")).split()[1])


def time_until_found(office: BenchOffice, *, letters: int = 5) -> list[float]:
    """Return the seconds from "registered" until the engine finds each letter, worker included."""
    from django.utils import timezone

    from config.organisation import DEMO_PASSWORD
    from jobs.models import Job
    from org.models import User
    from registry.access import reader_tokens
    from search.contract import SearchQuery
    from search.engines import get_engine

    yesterday = timezone.localdate() - timedelta(days=1)
    now = timezone.now()
    # The nightly jobs would disturb the measurement. By number a page asks the database as well.
    Job.objects.create(
        kind=RegistryJob.DAY_CLOSE, subject=str(yesterday), state="done", run_after=now
    )
    web = office.start("up", JOB_DELIVERY="thread")
    office.wait_for_web()
    time.sleep(3)
    client = Client(office.port)
    client.log_in("amina", DEMO_PASSWORD)
    viewer = User.objects.get(username="amina")
    spent = []
    for number in range(letters):
        mark = f"zyx{time.time_ns()}"
        status, answer = client.deposit(f"Lettre {number} {mark}".encode(), name=f"{mark}.txt")
        if status != 201:
            raise RuntimeError(f"{status} {answer}")
        began = time.monotonic()
        question = SearchQuery(
            words=str(answer["number"]), reader_tokens=reader_tokens(viewer), facets=(), limit=1
        )
        while not get_engine().search(question).total:
            if time.monotonic() - began > 60:
                raise TimeoutError(office.last_words("up"))
            time.sleep(0.02)
        spent.append(round(time.monotonic() - began, 2))
    office.stop(web)
    return spent
