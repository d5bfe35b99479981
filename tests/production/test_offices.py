"""A whole office on each kind of broker, started and looked at from outside alone."""

import os
import shutil
import signal
import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.production.office import (
    Office,
    fresh_database,
    kill,
    pool_of,
    until,
    worker_commands,
)
from tests.services.process import Child, ServiceMissingError, free_port
from tests.services.rabbitmq_server import start_rabbitmq
from tests.services.redis_server import start_redis

pytestmark = [pytest.mark.production, pytest.mark.slow]

BROKERS: dict[str, Callable[[], tuple[Child, dict[str, str]]]] = {
    "redis": start_redis,
    "rabbitmq": start_rabbitmq,
}
SPARE = 1000
READ = "kind = 'letter.read' AND state = 'done'"
# Spare work for letters that are not there: as any other to the queues, and done at once.
PUT_SPARE = """
INSERT INTO jobs_job (kind, subject, queue, priority, state, attempts, excused, run_after, holder,
                      done_steps, total_steps, error_code, last_error, created_at)
SELECT 'letter.archive', gen_random_uuid(), 'slow', 9, 'ready', 0, 0, now() - interval '1 hour', '',
       0, 0, '', '', now() - interval '1 hour'
FROM generate_series(1, %s)
"""


@pytest.fixture(scope="module")
def _database() -> Iterator[str]:
    server = os.environ.get("TEST_POSTGRES_URL")
    if not server:
        pytest.skip("NOT RUN: TEST_POSTGRES_URL names no server")
    with fresh_database(server) as database:
        yield database


@pytest.fixture(scope="module", params=sorted(BROKERS))
def broker(request: pytest.FixtureRequest) -> Iterator[tuple[Child, str]]:
    """The broker and its address."""
    try:
        child, environment = BROKERS[request.param]()
    except ServiceMissingError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))
    name = "TEST_RABBITMQ_URL" if request.param == "rabbitmq" else "TEST_REDIS_URL"
    yield child, environment[name]
    child.stop()


@pytest.fixture(scope="module")
def _prepared(
    _database: str, broker: tuple[Child, str], tmp_path_factory: pytest.TempPathFactory
) -> Office:
    """The office as it is before its first letter, for each broker once."""
    engine = os.environ.get("TEST_ELASTICSEARCH_URL", "")
    search = f"{engine}/?index=office-{uuid.uuid4().hex[:8]}" if engine else ""
    folder = tmp_path_factory.mktemp("office")
    office = Office(folder, database=_database, broker=broker[1], search=search)
    office.manage("demo", "--prepare")
    return office


@pytest.fixture
def office(_prepared: Office, tmp_path: Path) -> Iterator[Office]:
    """An office that has no work yet; no process of it runs."""
    shutil.copytree(_prepared.folder, tmp_path, dirs_exist_ok=True)
    search = _prepared.environment.get("SEARCH_URL", "")
    office = Office(tmp_path, database=_prepared.database, broker=_prepared.broker, search=search)
    office.rows("DELETE FROM jobs_job")
    office.rows("DELETE FROM jobs_workerbeat")
    yield office
    office.close()


def letter(number: int) -> bytes:
    return f"Monsieur, voici la lettre {number} du bureau {uuid.uuid4()}.".encode()


def test_the_commands_of_the_documentation_are_known() -> None:
    assert sorted(worker_commands()) == ["beat", "fast", "slow"]


def test_readings_go_before_a_thousand_spare_jobs_and_outlive_their_workers(
    office: Office,
) -> None:
    web = office.web()
    until(lambda: len(pool_of(web)) >= 2)
    sessions = office.rows("SELECT client_port FROM pg_stat_activity WHERE client_port > 0")
    assert not _ports_of(web.pid) & {port for (port,) in sessions}  # the processes have their own
    office.worker("beat", "-s", str(office.folder / "beat"))
    office.worker("fast")
    office.rows(PUT_SPARE, SPARE)
    until(lambda: office.messages("slow") > 0)  # the sweep has rung for spare work
    for number in range(12):
        office.deposit(letter(number))
    until(lambda: office.messages("slow") >= 12)
    assert office.messages("slow") <= office.count("queue = 'slow' AND state = 'ready'")
    slow = office.worker("slow")
    until(lambda: office.count(READ) >= 2)
    os.kill(pool_of(slow)[0], signal.SIGKILL)
    until(lambda: office.count(READ) >= 4)
    kill(slow)
    office.worker("slow")
    until(lambda: office.count(READ) == 12)
    passed = office.rows(
        "SELECT count(*) FROM jobs_job WHERE kind = 'letter.archive' AND finished_at <"
        " (SELECT max(finished_at) FROM jobs_job WHERE kind = 'letter.read')"
    )
    assert passed[0][0] < SPARE / 4
    until(lambda: office.count("queue = 'slow' AND state = 'ready'") == 0)
    until(lambda: office.messages("slow") == 0)
    assert office.rows("SELECT max(attempts) FROM jobs_job")[0][0] <= 3
    assert office.count("state = 'parked'") == 0


def test_a_deposit_is_worked_on_at_once_although_no_clock_runs(office: Office) -> None:
    office.web()
    workers = [office.worker(name) for name in ("fast", "slow")]
    until(lambda: all(office.is_ready(worker) for worker in workers))
    first = office.deposit(letter(0))
    done = "subject = %s AND state = 'done' AND kind = %s"
    until(lambda: office.count(done, first, "letter.read"))
    until(lambda: office.count(done, first, "letter.index"))
    assert "broker away" not in office.log("up")


def test_a_queue_is_rung_for_while_another_stands_still(office: Office) -> None:
    office.worker("beat", "-s", str(office.folder / "beat"))
    slow = office.worker("slow")  # nobody takes from the other queue
    until(lambda: office.is_ready(slow))
    office.rows(PUT_SPARE, 3)  # nobody rang for these
    until(lambda: office.count("queue = 'slow' AND state = 'done'") == 3)


def test_processes_that_hold_too_much_end_after_their_job_and_lose_none(office: Office) -> None:
    office.web()
    fast = office.worker("fast", "--max-memory-per-child", "1")  # kilobytes: each is too large
    until(lambda: len(pool_of(fast)) >= 2)
    first = set(pool_of(fast))
    letters = [office.deposit(letter(number)) for number in range(3)]
    done = "kind = 'letter.index' AND state = 'done' AND subject = ANY(%s)"
    until(lambda: office.count(done, letters) >= 3)
    until(lambda: not first & set(pool_of(fast)))
    assert office.rows("SELECT max(attempts) FROM jobs_job")[0][0] == 1


@pytest.mark.parametrize("away", ["refused", "silent"])
def test_a_deposit_waits_for_no_broker(office: Office, away: str) -> None:
    """Refused: nobody listens. Silent: somebody does, and says nothing, as a firewall would.

    How long whoever rings is kept, tests/jobs/test_message_sender.py asks.
    """
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        port = silent.getsockname()[1] if away == "silent" else free_port()
        scheme = office.broker.partition(":")[0]
        office.environment["BROKER_URL"] = f"{scheme}://127.0.0.1:{port}/0"
        office.web()
        for number in range(5):
            office.deposit(letter(number))
        until(lambda: "broker away" in office.log("up"))
    assert office.count("kind = 'letter.read' AND state = 'ready'") == 5


def _ports_of(pid: int) -> set[int]:
    """The own ports of a process's connections."""
    links = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    lines = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return {int(row[1].split(":")[1], 16) for row in rows if f"socket:[{row[9]}]" in links}
