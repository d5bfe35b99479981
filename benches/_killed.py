"""The parts of an office that a bench kills in the midst of work and starts again."""

import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg

from tests.production.office import Office, kill
from tests.services.postgres import start_postgres
from tests.services.process import Child, start
from tests.services.redis_server import start_redis

PATIENCE = 120.0
WORKERS = ("fast", "slow", "beat")


class Database:
    """A durable PostgreSQL whose processes are killed all at once."""

    def __init__(self) -> None:
        self._child, found = start_postgres(durable=True)
        self.url = found["DATABASE_URL"]

    def kill(self) -> None:
        """Kill -9 the postmaster and its sessions: what was not on the disk is gone."""
        pid = self._child.process.pid
        sessions = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in [pid, *map(int, sessions)]:
            try:
                os.kill(each, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._child.process.wait()

    def start_again(self) -> None:
        """Start it over the same data, and wait until it has recovered."""
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError(self._child.words())
            if self._child.process.poll() is not None:
                command: Any = self._child.process.args
                self._child = start(
                    "PostgreSQL", command, folder=self._child.folder, stop_signal=signal.SIGINT
                )
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=2) as session:
                session.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop it and remove its data."""
        self._child.stop()


class Killed:
    """An office of processes: `embedded` is one on SQLite, else web, workers and PostgreSQL."""

    def __init__(self, stack: ExitStack, *, embedded: bool, **settings: str) -> None:
        self.kills: Counter[str] = Counter()
        self._database: Database | None = None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sijill-bench-")))
        broker: Child | None = None
        url = ""
        if not embedded:
            self._database = Database()
            stack.callback(self._database.stop)
            broker, found = start_redis()
            stack.callback(broker.stop)
            url = found["BROKER_URL"]
        database = self._database.url if self._database else ""
        self.office = Office(folder, database=database, broker=url)
        self.office.environment |= settings
        stack.callback(self.office.close)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        """The address of its pages."""
        return f"http://127.0.0.1:{self.office.port}"

    def start(self) -> None:
        """Start all of it."""
        self._running["web"] = self.office.web()
        if self._database is not None:
            self._running |= {name: self.office.worker(name) for name in WORKERS}

    def targets(self) -> list[str]:
        """Return what may be killed."""
        return ["web"] if self._database is None else ["web", "worker", "database"]

    def strike(self, target: str) -> None:
        """Kill -9 one of them, let it be away for a moment, and start it again."""
        self.kills[target] += 1
        pause = random.uniform(0.1, 1.0)
        if target == "database" and self._database is not None:
            self._database.kill()
            time.sleep(pause)
            self._database.start_again()
            return
        name = random.choice(WORKERS) if target == "worker" else "web"
        kill(self._running[name])
        self.office.processes.remove(self._running[name])
        time.sleep(pause)
        again = self.office.web if name == "web" else lambda: self.office.worker(name)
        self._running[name] = again()
