"""An office of its own for a bench: fresh DATA_DIR and database, real processes, real HTTP."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.services import running
from tests.services.process import free_port

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
CELERY = ["-A", "config.celery", "worker", "-B", "-Q", "fast,slow", "-c", "2", "-l", "warning"]


class BenchOffice:
    """Settings of an office, put into this process's environment before Django reads them."""

    def __init__(self, **settings: str) -> None:
        """Set the environment; a given DATA_DIR is kept, else all is removed at the end."""
        self.port = free_port()
        kept = settings.get("DATA_DIR", "")
        self._folder = None if kept else tempfile.TemporaryDirectory(prefix="sijill-bench-")
        self.data_dir = Path(self._folder.name if self._folder else kept).absolute()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        for name in ("DATABASE_URL", "BROKER_URL", "SEARCH_URL", "VAULT_URL", "JOB_DELIVERY"):
            os.environ.pop(name, None)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
            **settings,
            "DATA_DIR": str(self.data_dir),
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def set_up(self) -> None:
        """Create tables and the demo organisation; then Django is ready in this process too."""
        command = [sys.executable, str(ROOT / "manage.py"), "demo", "--prepare"]
        subprocess.run(command, cwd=ROOT, check=True)
        import django

        django.setup()

    def start(self, *command: str, **settings: str) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own: `up`, `work`, or `celery`."""
        line = [sys.executable, str(ROOT / "manage.py"), *command]
        if command[0] == "celery":
            line = [str(PROGRAMS / "celery"), *CELERY]
        return self.start_program(command[0], *line, **settings)

    def start_program(self, name: str, *line: str, **settings: str) -> subprocess.Popen[bytes]:
        """Start any program in the office's environment, with its log under this name."""
        with (self.data_dir / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                line,
                cwd=ROOT,
                env=os.environ | settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def wait_for_web(self, *, seconds: float = 60) -> None:
        """Wait until the port answers."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise TimeoutError(self.last_words("up")) from error
                time.sleep(0.1)

    def last_words(self, name: str) -> str:
        """Return the end of a process's log."""
        log = self.data_dir / f"{name}.log"
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """Stop one of its processes."""
        self._processes.remove(process)
        stop(process)

    def close(self) -> None:
        """Stop every process and remove the office."""
        for process in self._processes:
            stop(process)
        if self._folder:
            self._folder.cleanup()


@contextlib.contextmanager
def quiet_office(*, postgres: bool) -> Iterator[BenchOffice]:
    """Set up an office without workers, on SQLite or on a PostgreSQL of its own that syncs."""
    with contextlib.ExitStack() as stack:
        office = BenchOffice(LOG_LEVEL="ERROR", JOB_DELIVERY="none")
        stack.callback(office.close)
        if postgres:
            services = stack.enter_context(running({"postgres"}, durable=True))
            os.environ["DATABASE_URL"] = services.environment["DATABASE_URL"]
        office.set_up()
        yield office


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill -9 the process and all its children, as a power cut would do it."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the process by SIGTERM, and after ten seconds by kill -9."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Client:
    """One connection that is kept open, with a token."""

    def __init__(self, port: int, token: str = "", *, seconds: float = 60) -> None:
        self.port, self.token = port, token
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)

    def close(self) -> None:
        """Close the connection; the next call opens a new one."""
        self._connection.close()

    def log_in(self, username: str, password: str) -> str:
        """Fetch a token and return it."""
        body = json.dumps({"username": username, "password": password}).encode()
        status, answer = self.send("/api/v1/token", body, {"Content-Type": "application/json"})
        if status not in {200, 201}:
            raise RuntimeError(f"no token: {status} {answer}")
        self.token = str(answer["token"])
        return self.token

    def deposit(self, content: bytes, *, name: str, key: str = "") -> tuple[int, dict[str, Any]]:
        """Deposit one file as a letter; return (status, answer)."""
        boundary = uuid.uuid4().hex
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="subject"\r\n\r\nMesure\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode() + content
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        if key:
            headers["Idempotency-Key"] = key
        return self.send("/api/v1/letters", body + f"\r\n--{boundary}--\r\n".encode(), headers)

    def send(
        self, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        """Send a POST; after an error of the connection the next call opens a new one."""
        extra = {"Authorization": f"Token {self.token}"} if self.token else {}
        try:
            self._connection.request("POST", path, body, {**headers, **extra})
            response = self._connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        try:
            return response.status, json.loads(text)
        except ValueError:
            return response.status, {"text": text[:300].decode(errors="replace")}
