"""What the benches of a day and of faults count, and how they judge it."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from benches._day import Books, Day, letter, until
from benches._day_chart import drawn, thinned
from benches._load_tables import markdown, problems_of
from benches._money import BANK, CARD, card_plan
from benches._production import PROCESSES, SERVERS, family, kill_all
from benches._recorded import Record, at_share, kind_of
from benches._strikes import Strikes, stands
from benches._watched import slope_of
from benches.faults import added

LETTER = "/letters/0d4b8a5e-7d0e-4a61-9f3e-111111111111/"


def answer(status: int, **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    made._content = b"<p>words</p>"
    return made


def asked(record: Record, status: int, **headers: str) -> None:
    record.timed("a page", lambda: answer(status, **headers))


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/api/v1/letters", "deposit over the API"),
        ("GET", LETTER, "a letter's page"),
        ("POST", f"{LETTER}assignments/{LETTER[9:-1]}/sign-off/", "desk: sign off"),
        ("GET", "/search/?q=fuite", "search"),
        ("POST", "/follow/", "citizen: follow"),
        ("GET", "/help/", "other pages"),
    ],
)
def test_a_request_is_named_by_what_it_is_for(method: str, path: str, kind: str) -> None:
    assert kind_of(method, path) == kind


def test_shares_of_values() -> None:
    assert at_share(range(1, 101), 0.95) == 96
    assert at_share([], 0.95) == 0


def test_a_brake_is_no_error_and_a_refusal_is_one() -> None:
    record = Record()
    for status, headers in (
        (200, {}),
        (429, {"Retry_After": "3"}),
        (429, {}),
        (404, {}),
        (500, {}),
    ):
        asked(record, status, **headers)
    with pytest.raises(requests.ConnectionError):
        record.timed("a page", _breaks)
    assert record.outcomes() == {"answered": 1, "braked": 1, "refused": 2, "failed": 2}
    [row] = record.table()
    assert (row["requests"], row["errors"], row["braked"]) == (6, 4, 1)
    assert len(record.wrong()) == 4


def _breaks() -> requests.Response:
    raise requests.ConnectionError


def test_what_must_be_refused_is_an_answer() -> None:
    record = Record()
    record.timed("deposit", lambda: answer(422), refusal=True)
    assert not record.wrong()
    assert record.table()[0]["kind"] == "deposit that must be refused"


def test_the_same_call_is_made_until_it_is_answered() -> None:
    day = Day("", Record(), Books())
    answers = iter([answer(503, Retry_After="0"), answer(201)])
    assert until(day, lambda: next(answers), {201}).status_code == 201
    with pytest.raises(RuntimeError, match="404"):
        until(day, lambda: answer(404), {201})


def test_no_two_letters_are_alike_and_all_kinds_come() -> None:
    made = [letter(number, scans=5) for number in range(10)]
    assert {name for name, _content in made} == {"scan.png", "lettre.pdf", "lettre.txt"}
    assert len({content for _name, content in made}) == 10
    assert letter(3, scans=5) != letter(3, scans=5)


def test_the_slope_leaves_out_how_a_process_warms_up() -> None:
    warm: list[tuple[float, float]] = [(0, 10), (100, 200), (200, 300), (300, 300), (600, 300)]
    slope = slope_of(warm)
    assert slope is not None
    assert (slope.first, slope.most, slope.an_hour) == (10, 300, 0)
    leaks = slope_of([(float(at), at / 3600) for at in range(0, 3600, 60)])
    assert leaks is not None
    assert leaks.an_hour == pytest.approx(1, abs=0.05)
    assert slope_of(warm[:3]) is None


def test_a_line_is_thinned_by_the_middle_of_its_points() -> None:
    rows = thinned([(float(at), float(at)) for at in range(90)], most=30)
    assert len(rows) == 30
    assert rows[0] == ("0′", 1)
    assert thinned([(0.0, None)], most=30) == [("0′", None)]


def test_the_picture_holds_a_chart_for_each_line() -> None:
    picture = drawn({"web": [(0.0, 1.0), (60.0, 3.0)], "delay": [(0.0, None)]}, title="A day")
    assert picture.count("<svg") == 3
    assert "web" in picture


def test_a_family_begins_with_its_first() -> None:
    parent = os.getppid()
    assert family(parent)[0] == parent
    assert os.getpid() in family(parent)


def test_bills_of_cards_and_banks_are_different_ones() -> None:
    plan = card_plan(5, seed=1, banks=3)
    assert (len(plan.of(CARD)), len(plan.of(BANK)), len(plan.totals)) == (5, 3, 8)


def _report(**other: Any) -> dict[str, Any]:
    return {
        "verdict": {"gaps": []}, "outcomes": {"answered": 3}, "troubles": [], "jobs left": 0,
        "people": {"desk": 1}, "load average": {"least": 1.0, "most": 2.0, "mean": 1.5},
        "asked": {"think": 1.0}, "seconds": 60, "cores": 2, "memory": {},
        "requests": [
            {"kind": "search", "requests": 3, "p50": 1, "p95": 2, "p99": 3}
            | {"errors": 0, "braked": 0}
        ],
        "from deposit to read, s": {"p50": 1, "p95": 2, "p99": 3},
        "jobs waiting at most": {"fast": 1, "slow": 2}, "letters accepted": 1,
        "journeys at the desk": 1, "payments made": 1, "work left, s": 3, **other,
    }  # fmt: skip


def test_a_good_day_has_no_problems() -> None:
    assert not problems_of(_report())
    assert "| search | 3 | 1 | 2 | 3 | 0 | 0 |" in markdown(_report())


@pytest.mark.parametrize(
    "bad",
    [
        {"verdict": {"gaps": ["IN/2026"]}}, {"outcomes": {"refused": 1}}, {"troubles": ["x"]},
        {"jobs left": 1}, {"outcomes": {"failed": 1}},
    ],
)  # fmt: skip
def test_each_of_these_is_a_problem(bad: dict[str, Any]) -> None:
    assert len(problems_of(_report(**bad))) == 1


def test_runs_add_up(tmp_path: Path) -> None:
    run = {
        "accepted": 3, "refused": 1, "journeys": 1, "payments": 2, "requests": 9,
        "kills": {"web": 2, "redis": 1}, "verdict": {"gaps": []},
    }  # fmt: skip
    file = tmp_path / "sums" / "faults.json"
    added(file, run)
    sums = added(file, run | {"verdict": {"gaps": ["one"]}})
    assert (sums["runs"], sums["kills"], sums["accepted"], sums["wrong"]) == (2, 6, 6, 1)
    assert sums["killed"] == {"web": 4, "redis": 2}
    assert len(json.loads(file.read_text())) == 2


class Parts:
    """Parts of an office by their names, those that run."""

    def __init__(self) -> None:
        self.running = {*PROCESSES, *SERVERS}

    def kill(self, name: str) -> None:
        """It runs no more; it is an error to kill what is dead."""
        self.running.remove(name)

    def start_again(self, name: str, **settings: str) -> None:
        """It runs once, whoever asks."""
        assert name not in self.running
        self.running.add(name)

    def has_ended(self, name: str) -> bool:
        """Return whether it was killed."""
        return name not in self.running


def test_a_part_that_is_down_is_started_once_with_new_settings() -> None:
    office: Any = Parts()
    strikes = Strikes(office)
    strikes._whole("web")
    strikes.restart(CLOCK="wrong")
    assert office.running == {*PROCESSES, *SERVERS}
    strikes.supervise()
    assert not strikes.ended


class Place:
    """An office whose web listens, or does not, and whose fast worker is a process of its own."""

    def __init__(self, port: int, worker: int) -> None:
        self.port, self._worker = port, worker

    def pid_of(self, _name: str) -> int:
        """Return the worker's process."""
        return self._worker


def test_a_part_is_struck_once_it_stands() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        place: Any = Place(listening.getsockname()[1], 0)
        assert not stands(place, "web")
        listening.listen()
        assert stands(place, "web")
    command = [sys.executable, "-c", "import os; os.fork() and print(1, flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"1\n"
        worker: Any = Place(0, parent.pid)
        assert stands(worker, "fast")
        child = family(parent.pid)[1]
        kill_all([child, parent.pid])
    alone: Any = Place(0, os.getpid())
    assert stands(alone, "beat")
