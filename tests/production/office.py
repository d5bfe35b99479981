"""An office as an operator starts it: processes, the commands of docs/operations.md, variables."""

import contextlib
import http.client
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import kombu
import psycopg

from benches._office import Client
from tests.services.process import die_with_parent, free_port

ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 180.0
_PASSWORD: Final = "sijill-demo-2026"
_NOT_OURS: Final = ("DJANGO_SETTINGS_MODULE", "JOB_DELIVERY", "SEARCH_URL", "VAULT_URL", "PORT")


def worker_commands() -> dict[str, list[str]]:
    """The commands of docs/operations.md by what they start: fast, slow, beat."""
    text = (ROOT / "docs" / "operations.md").read_text()
    lines = [line.partition("#")[0] for line in re.findall(r"^celery -A .*$", text, re.MULTILINE)]
    words = [shlex.split(line) for line in lines]
    return {line[line.index("-Q") + 1] if "-Q" in line else line[3]: line for line in words}


def until(fine: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    """Wait for the condition."""
    deadline = time.monotonic() + seconds
    while not fine():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


class Office:
    """Its environment, its processes, and ways to look at it from outside."""

    def __init__(
        self, folder: Path, *, database: str, broker: str, search: str = "", vault: str = ""
    ) -> None:
        self.folder, self.database, self.broker = folder, database, broker
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
        self.environment = kept | {
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "DATABASE_URL": database,
            "BROKER_URL": broker,
            "MEANING": "no",
            "LOG_LEVEL": "WARNING",
            "JOB_LEASE_SECONDS": "30",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        named = {"SEARCH_URL": search, "VAULT_URL": vault}
        self.environment |= {name: url for name, url in named.items() if url}
        self.processes: list[subprocess.Popen[bytes]] = []
        self._token = ""
        self._session: psycopg.Connection[Any] | None = None

    def manage(self, *words: str) -> None:
        """Run a command of manage.py to its end."""
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def start(self, *command: str, log: str) -> subprocess.Popen[bytes]:
        """Start a process that leads a group of its own."""
        with (self.folder / f"{log}.log").open("ab") as words:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        self.processes.append(process)
        return process

    def worker(self, name: str, *more: str) -> subprocess.Popen[bytes]:
        """Start what docs/operations.md names: fast, slow or beat."""
        return self.start(*worker_commands()[name], "-l", "WARNING", *more, log=name)

    def is_ready(self, worker: subprocess.Popen[bytes]) -> bool:
        """Whether a worker says that it lives: when it is ready, after it has looked for work.

        Its processes may say so besides, when they take a message of the clock.
        """
        beats = "SELECT count(*) FROM jobs_workerbeat WHERE split_part(holder, '/', 3) = %s"
        return bool(self.rows(beats, str(worker.pid))[0][0])

    def web(self) -> subprocess.Popen[bytes]:
        """Start the web process, and wait until it answers."""
        process = self.start(sys.executable, "manage.py", "up", log="up")
        until(self._answers)
        return process

    def log(self, name: str) -> str:
        """What a process has said."""
        file = self.folder / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def deposit(self, content: bytes, *, name: str = "lettre.txt") -> str:
        """Deposit a letter of one file over HTTP; return its id."""
        with contextlib.closing(Client(self.port, self._token, seconds=PATIENCE)) as client:
            self._token = self._token or client.log_in("amina", _PASSWORD)
            status, answer = client.deposit(content, name=name)
        assert status in {200, 201}, answer
        return str(answer["id"])

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            with contextlib.closing(connection):
                connection.request("GET", "/login/")
                return connection.getresponse().status == 200
        except OSError:
            return False

    def rows(self, query: str, *values: object) -> list[Any]:
        """Ask the database, in a session that is kept: a new one is thirty times as dear."""
        if self._session is None or self._session.closed:
            self._session = psycopg.connect(self.database, autocommit=True)
        try:
            cursor = self._session.execute(query, values)
        except psycopg.OperationalError:
            if self._session.closed:  # the server has ended it, or was killed
                return self.rows(query, *values)
            raise
        return cursor.fetchall() if cursor.description else []

    def count(self, where: str, *values: object) -> int:
        """How many jobs are so."""
        query = f"SELECT count(*) FROM jobs_job WHERE {where}"  # noqa: S608 - a test's own words
        return int(self.rows(query, *values)[0][0])

    def messages(self, queue: str) -> int:
        """How many messages wait in the broker's queue."""
        with kombu.Connection(self.broker) as connection:
            channel: Any = connection.default_channel
            try:
                return int(channel.queue_declare(queue, passive=True).message_count)
            except connection.channel_errors:
                return 0

    def close(self) -> None:
        """End all processes, in their groups, and the session."""
        for process in self.processes:
            kill(process)
        self.processes.clear()
        if self._session:
            self._session.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of a process and all that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def pool_of(worker: subprocess.Popen[bytes]) -> list[int]:
    """The processes of a worker that do its work."""
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


@contextlib.contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """An empty database on this PostgreSQL, gone at the end; its address."""
    name = f"office_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(server, autocommit=True) as session:
        session.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as session:
            session.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
