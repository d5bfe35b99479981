"""A production office on real servers; every part has a name, may be killed and started again."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.production.office import Office, worker_commands
from tests.services.elasticsearch_server import start_elasticsearch
from tests.services.object_store import start_object_store
from tests.services.postgres import start_postgres
from tests.services.process import FOLDER_PREFIX, Child, start, sweep_folders
from tests.services.redis_server import start_redis

PROCESSES: Final = ("web", "fast", "slow", "beat", "signer")
SERVERS: Final = ("postgres", "redis", "elasticsearch", "store")
_KEPT: Final = ("ES_JAVA_HOME", "ES_JAVA_OPTS", "ES_TMPDIR")
_CLEAN: Final = 15.0
Place = Callable[[str], "contextlib.AbstractContextManager[None]"]


def anywhere(_name: str) -> "contextlib.AbstractContextManager[None]":
    """Let a part's folder lie where temporary files do."""
    return contextlib.nullcontext()


def family(pid: int) -> list[int]:
    """Return a process and all below it, parents first."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                words = (entry / "stat").read_text().rpartition(")")[2].split()
                below.setdefault(int(words[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found.extend(below.get(one, []))
    return found


def kill_all(pids: list[int]) -> None:
    """Kill -9 these processes."""
    for one in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


class Server:
    """One of the servers: it starts again over the data that it left."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self._environment = _environment_of(child.process.pid)

    @property
    def pid(self) -> int:
        """Its first process."""
        return self.child.process.pid

    def kill(self) -> None:
        """Kill -9 the process and all that it started."""
        kill_all(family(self.pid))
        self.child.process.wait()

    def start_again(self) -> None:
        """Start the same command over the same folder."""
        old = self.child
        command = [str(word) for word in old.process.args]  # type: ignore[union-attr]
        self.child = start(
            old.name, command, folder=old.folder, stop_signal=old.stop_signal,
            environment=self._environment,
        )  # fmt: skip

    def stop(self) -> None:
        """Stop it and remove its data."""
        self.child.stop()


def _environment_of(pid: int) -> dict[str, str]:
    text = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    said = dict(pair.split("=", 1) for pair in text.split("\0") if "=" in pair)
    return {name: said[name] for name in _KEPT if name in said}


class Production(Office):
    """Web, fast and slow worker, clock and signer over PostgreSQL, Redis, Elasticsearch and S3.

    Demo people and no TLS: PRODUCTION=yes would refuse both. All else is as production has it:
    two web processes, durable PostgreSQL, object lock, a signer of its own, JSON logs.
    """

    def __init__(self, stack: ExitStack, *, place: Place = anywhere, **settings: str) -> None:
        sweep_folders()
        self._place = place
        self.servers: dict[str, Server] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        given = self._start_servers(stack)
        with place("data"):
            folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-office-"))
        with place("logs"):
            self.logs = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-logs-"))
        super().__init__(
            folder,
            database=given["DATABASE_URL"],
            broker=given["BROKER_URL"],
            search=f"{given['TEST_ELASTICSEARCH_URL']}/?index=bench",
            vault=given["TEST_S3_URL"],
        )
        for name in ("tmp", "anchors"):
            (folder / name).mkdir()
        self.environment |= self._settings(folder) | settings
        stack.callback(self._remove)
        stack.callback(self.close)

    def _start_servers(self, stack: ExitStack) -> dict[str, str]:
        starters = {
            "postgres": lambda: start_postgres(durable=True),
            "redis": start_redis,
            "elasticsearch": start_elasticsearch,
            "store": start_object_store,
        }
        given: dict[str, str] = {}
        for name, begin in starters.items():
            with self._place(name):
                child, found = begin()
            self.servers[name] = Server(child)
            stack.callback(self.servers[name].stop)
            given |= found
        return given

    def _settings(self, folder: Path) -> dict[str, str]:
        return {
            "PUBLIC_URL": self.url,
            "SECRET_KEY": secrets.token_urlsafe(40),
            "TRACKING_KEY": secrets.token_urlsafe(40),
            "SIGNER_SOCKET": str(folder / "signer.sock"),
            "SIGNER_DATA": str(folder / "signer"),
            "SIGNER_ORIGIN": "bench/register",
            "ANCHOR_URL": f"file://{folder}/anchors",
            "TMPDIR": str(folder / "tmp"),
            "LOG_FORMAT": "json",
            "CONFIRM_MINUTES": "240",
            "JOB_LEASE_SECONDS": "120",
        }

    @property
    def url(self) -> str:
        """The address of its pages."""
        return f"http://127.0.0.1:{self.port}"

    def begin(self, name: str, **settings: str) -> None:
        """Start one of its own processes, without waiting for it."""
        commands = {
            "web": [sys.executable, "manage.py", "up"],
            "signer": [sys.executable, "-m", "signer", "serve"],
        }
        command = commands.get(name) or [*worker_commands()[name], "-l", "WARNING"]
        kept, self.environment = self.environment, self.environment | settings
        try:
            self.running[name] = self.start(*command, log=name)
        finally:
            self.environment = kept

    def start(self, *command: str, log: str) -> subprocess.Popen[bytes]:
        """Start a process whose words go to the disk of the logs."""
        folder, self.folder = self.folder, self.logs
        try:
            return super().start(*command, log=log)
        finally:
            self.folder = folder

    def log(self, name: str) -> str:
        """Return what a process has said."""
        file = self.logs / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def keep_logs(self, folder: Path) -> None:
        """Copy what all processes have said into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for file in self.logs.glob("*.log"):
            shutil.copy(file, folder / file.name)

    def start_all(self, **settings: str) -> None:
        """Start all processes; return when pages are answered."""
        for name in ("signer", "web", "fast", "slow", "beat"):
            self.begin(name, **settings)
        self.wait_for_web()

    def wait_for_web(self, *, seconds: float = 180) -> None:
        """Wait until pages are answered."""
        deadline = time.monotonic() + seconds
        while not self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError(f"no pages:\n{self.log('web')[-3000:]}")
            time.sleep(0.2)

    def pid_of(self, name: str) -> int:
        """Return the first process of a part."""
        if name in self.servers:
            return self.servers[name].pid
        return self.running[name].pid

    def has_ended(self, name: str) -> bool:
        """Return whether a part's first process is gone."""
        if name in self.servers:
            return self.servers[name].child.process.poll() is not None
        return name in self.running and self.running[name].poll() is not None

    def kill(self, name: str) -> None:
        """Kill -9 a part with all that it has started."""
        if name in self.servers:
            self.servers[name].kill()
            return
        process = self.running.pop(name)
        kill_all(family(process.pid))
        process.wait()
        self.processes.remove(process)

    def start_again(self, name: str, **settings: str) -> None:
        """Start a part that was killed."""
        if name in self.servers:
            self.servers[name].start_again()
        else:
            self.begin(name, **settings)

    def close(self) -> None:
        """Kill what still runs, and whatever it started."""
        for process in self.processes:
            kill_all(family(process.pid))
        super().close()

    def _remove(self) -> None:
        for folder in (self.folder, self.logs):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def ending_on_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block as Ctrl-C does, so that all is stopped and removed."""

    def end(number: int, _frame: object) -> None:
        for later in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(later, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def set_up_django(office: Office) -> None:
    """Read the office's data in this process too."""
    os.environ |= office.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ.pop("TMPDIR", None)
    import django

    django.setup()
