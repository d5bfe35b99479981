"""Services for tests are real, private to this machine, and gone when their run is gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from tests.plugins.wanting import wanting_service
from tests.services import running
from tests.services.elasticsearch_server import server_zip
from tests.services.postgres import program
from tests.services.process import ServiceMissingError
from tests.services.redis_server import program as redis_program

pytestmark = pytest.mark.slow  # a PostgreSQL each
ROOT = Path(__file__).resolve().parents[2]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.services", *arguments]


def environment(**more: str) -> dict[str, str]:
    """Return our environment, without the services of this very test run."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("TEST_")}
    given.pop("CI", None)
    return given | more


@pytest.fixture(autouse=True)
def _fresh_services(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TEST_POSTGRES_URL", "TEST_REDIS_URL", "TEST_ELASTICSEARCH_URL"):
        monkeypatch.delenv(name, raising=False)
    try:
        program("initdb")
        redis_program()
    except ServiceMissingError as error:
        wanting_service(str(error))


def test_postgres_and_redis_answer_and_are_gone_afterwards() -> None:
    with running({"postgres", "redis"}) as services:
        assert services.missing == {}
        with psycopg.connect(services.environment["DATABASE_URL"]) as session:
            assert session.execute("SHOW server_encoding").fetchone() == ("UTF8",)
            assert session.execute("SHOW fsync").fetchone() == ("off",)
        with redis.Redis.from_url(services.environment["BROKER_URL"]) as client:
            assert client.ping()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(services.environment["DATABASE_URL"])


def test_a_durable_postgres_pays_for_its_syncs() -> None:
    with (
        running({"postgres"}, durable=True) as services,
        psycopg.connect(services.environment["DATABASE_URL"]) as session,
    ):
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert session.execute(f"SHOW {setting}").fetchone() == ("on",)


def test_a_service_that_runs_already_is_used_and_left_running(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEST_REDIS_URL", "redis://192.0.2.1:6379/0")
    with running({"redis"}) as services:
        assert services.environment["BROKER_URL"] == "redis://192.0.2.1:6379/0"


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(ValueError, match="no such service: mongo"), running({"mongo"}):
        pass


def test_the_commands_own_status_is_handed_on() -> None:
    done = subprocess.run(command("run", "--redis", "--", "sh", "-c", "exit 7"), cwd=ROOT)
    assert done.returncode == 7


def test_a_missing_service_is_loud_and_fails_where_nobody_looks(tmp_path: Path) -> None:
    bare = {"PATH": str(tmp_path), "JAVA_HOME": ""}
    for ci, status in (("", 0), ("true", 3)):
        done = subprocess.run(
            command("run", "--redis", "--", sys.executable, "-c", "print('ran')"),
            cwd=ROOT,
            env=environment(**bare, CI=ci),
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stdout) == (status, "ran\n")
        assert "REDIS IS MISSING: Redis: no redis-server here" in done.stderr


@pytest.mark.parametrize(
    ("number", "work"),
    [
        (signal.SIGTERM, "sleep 60 & tell $!; wait"),  # also what the command started itself
        (signal.SIGINT, "sleep 60 & tell $!; wait"),
        (signal.SIGKILL, "tell $$; exec sleep 60"),
    ],
)
def test_nothing_outlives_a_run_that_is_stopped(
    tmp_path: Path, number: signal.Signals, work: str
) -> None:
    told = tmp_path / "told"
    script = f"tell() {{ echo $1 $DATABASE_URL >{told}.new; mv {told}.new {told}; }}\n{work}"
    run = subprocess.Popen(
        command("run", "--postgres", "--", "sh", "-c", script),
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
    )
    sleeper, address = wait_for(told).split()
    run.send_signal(number)
    assert run.wait(40) in {128 + number, -number}
    assert eventually(lambda: not Path(f"/proc/{sleeper}").exists())
    assert eventually(lambda: not accepts(address))


def test_a_foreign_archive_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sijill" / "elasticsearch"
    folder.mkdir(parents=True)
    (folder / "elasticsearch-9.2.0.zip").write_bytes(b"something else")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceMissingError, match="no mvn"):
        server_zip()
    assert list(folder.iterdir()) == []


def wait_for(file: Path) -> str:
    assert eventually(file.exists)
    return file.read_text()


def eventually(happens: object, *, seconds: float = 30) -> bool:
    assert callable(happens)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.05)
    return False


def accepts(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
