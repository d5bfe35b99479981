"""A real office in processes of its own: `manage up`, and Celery workers with a broker."""

import contextlib
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.services.process import die_with_parent, free_port

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "sijill-demo-2026"
PRODUCTION = os.environ.get("SIJILL_PROFILE") == "production"
_offices = itertools.count()


@dataclass
class Office:
    """Where the office answers, and the environment that its commands run in."""

    url: str
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def manage(self, *words: str, check: bool = True, seconds: int = 300) -> str:
        """Run a management command in the office; its standard output."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"manage {words[0]}: {done.returncode}\n{done.stderr[-3000:]}")
        return done.stdout


@contextlib.contextmanager
def running_office(
    folder: Path,
    *,
    workers: bool = True,
    begin: "str | Callable[[Office], None]" = "demo --prepare",
    **settings: str,
) -> Iterator[Office]:
    """The embedded office with these settings besides, or in the production profile the one on
    PostgreSQL, Redis and (where one runs) Elasticsearch, with two Celery workers and beat.

    Without `workers` nothing is read: for tests of the web process alone. `begin`
    prepares it, as the words of a command (`migrate` for an empty one) or as a function."""
    with prepared_office(folder, workers=workers, begin=begin, **settings) as office:
        try:
            _start(office, sys.executable, str(ROOT / "manage.py"), "up")
            if PRODUCTION and workers:
                for queue, count in (("fast", "1"), ("slow", "1")):
                    words = ("-Q", queue, "-c", count, "-n", f"{queue}@%h")
                    _start(office, *_celery("worker", *words))
                _start(office, *_celery("beat"))
            wait_until(lambda: _is_up(office), seconds=300)  # other tests run beside
            yield office
        finally:
            _stop(office)


@contextlib.contextmanager
def prepared_office(
    folder: Path, *, workers: bool, begin: "str | Callable[[Office], None]", **settings: str
) -> Iterator[Office]:
    """The same office before any of its processes runs."""
    port = free_port()
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": f"file://{folder}/mail",
        "JOB_DELIVERY": ("celery" if PRODUCTION else "thread") if workers else "none",
        "LOG_LEVEL": "WARNING",
        **settings,
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with contextlib.ExitStack() as stack:
        if PRODUCTION:
            environment["DATABASE_URL"] = stack.enter_context(_own_database())
            broker = urlsplit(os.environ["BROKER_URL"])
            number = _own_broker() if workers else 1  # what rings nobody shares one
            environment["BROKER_URL"] = broker._replace(path=f"/{number}").geturl()
            if engine := os.environ.get("TEST_ELASTICSEARCH_URL"):
                environment["SEARCH_URL"] = f"{engine}/?index=journey-{uuid.uuid4().hex[:8]}"
            if store := os.environ.get("TEST_S3_URL"):
                environment["VAULT_URL"] = store
        office = Office(f"http://127.0.0.1:{port}", environment)
        if isinstance(begin, str):
            office.manage(*begin.split(), seconds=900)
        else:
            begin(office)
        yield office


def as_prepared(other: Office) -> Callable[[Office], None]:
    """How an office begins with the data of another, none of whose processes has run yet."""

    def begin(office: Office) -> None:
        here, there = office.environment, other.environment
        shutil.copytree(there["DATA_DIR"], here["DATA_DIR"], dirs_exist_ok=True)
        if not PRODUCTION:
            return
        if "SEARCH_URL" in there:
            _copy_index(there["SEARCH_URL"], here["SEARCH_URL"])
        name, template = (urlsplit(one["DATABASE_URL"]).path[1:] for one in (here, there))
        _of_server(f'DROP DATABASE "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    return begin


def _copy_index(source: str, copy: str) -> None:
    """Make Elasticsearch's index of one office from another's: the index, and the alias to it."""
    from elasticsearch import Elasticsearch

    server, _, _ = copy.partition("/?")
    old, new = (dict(parse_qsl(urlsplit(url).query))["index"] for url in (source, copy))
    with Elasticsearch(server) as client:
        (index,) = client.indices.get_alias(name=old)
        client.indices.add_block(index=index, block="write")  # else none is copied
        client.indices.clone(
            index=index,
            target=f"{new}-first",
            aliases={new: {}},
            settings={"index.blocks.write": None},
            wait_for_active_shards="1",
        )


def _own_broker() -> int:
    """A Redis database of its own for each office of each test process: the workers of another
    must not take its messages. Redis has 16; other tests use the first, offices without workers the
    second."""
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return 2 + 7 * (process % 2) + next(_offices) % 7


def _celery(*words: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config.celery", *words, "-l", "WARNING"]


def _start(office: Office, *command: str) -> None:
    with (Path(office.environment["DATA_DIR"]) / "office.log").open("ab") as log:
        office.processes.append(
            subprocess.Popen(
                command,
                env=office.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(signal.SIGTERM),  # a run that is cut short leaves none
            )
        )


def _stop(office: Office) -> None:
    for process in office.processes:
        process.terminate()
    for process in office.processes:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


@contextlib.contextmanager
def _own_database() -> Iterator[str]:
    """A fresh database on the profile's PostgreSQL; its address."""
    name = f"journey_{uuid.uuid4().hex[:8]}"
    _of_server(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    finally:
        _of_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _of_server(*commands: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        for command in commands:
            link.execute(command.encode())


def _is_up(office: Office) -> bool:
    """Whether it answers; AssertionError with its last words when a process of it has ended."""
    ended = [process.returncode for process in office.processes if process.poll() is not None]
    if ended:
        log = Path(office.environment["DATA_DIR"]) / "office.log"
        words = log.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise AssertionError(f"a process of the office ended with {ended[0]}\n{words}")
    return _answers(office.url)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until(fact: Callable[[], Any], *, seconds: float) -> Any:
    """The first true value of `fact`; AssertionError when there is none in time.

    Asked less often the longer it takes: to open a page costs the processor that others wait for.
    """
    deadline, pause = time.monotonic() + seconds, 0.2
    while time.monotonic() < deadline:
        if value := fact():
            return value
        time.sleep(pause)
        pause = min(1.3 * pause, 2.0)
    raise AssertionError(f"not within {seconds} s")


class AnswerError(AssertionError):
    """The office answered otherwise than the journey expects."""


class Api:
    """A partner system that speaks to /api/v1/ with a person's token."""

    def __init__(self, office: Office, username: str) -> None:
        self.office = office
        self.token = ""
        answer = self.post("token", {"username": username, "password": PASSWORD})
        self.token = answer["token"]

    def get(self, path: str, *, expect: int = 200) -> Any:
        """The JSON of a GET."""
        return self._ask(urllib.request.Request(self._address(path)), expect)

    def post(self, path: str, body: dict[str, Any] | None = None, *, expect: int = 0) -> Any:
        """The JSON of a POST of JSON."""
        request = urllib.request.Request(
            self._address(path), data=json.dumps(body or {}).encode(), method="POST"
        )
        request.add_header("Content-Type", "application/json")
        return self._ask(request, expect)

    def deposit(self, *files: Path, key: str = "", **fields: str) -> Any:
        """Register files as one letter."""
        border = uuid.uuid4().hex
        parts: list[bytes] = []
        for name, value in fields.items():
            head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            parts.append(head.encode() + value.encode() + b"\r\n")
        for file in files:
            head = (
                f'--{border}\r\nContent-Disposition: form-data; name="files"; '
                f'filename="{file.name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
            )
            parts.append(head.encode() + file.read_bytes() + b"\r\n")
        body = b"".join(parts) + f"--{border}--\r\n".encode()
        request = urllib.request.Request(self._address("letters"), data=body, method="POST")
        request.add_header("Content-Type", f"multipart/form-data; boundary={border}")
        if key:
            request.add_header("Idempotency-Key", key)
        return self._ask(request, 0)

    def _address(self, path: str) -> str:
        return f"{self.office.url}/api/v1/{path}"

    def _ask(self, request: urllib.request.Request, expect: int) -> Any:
        request.add_header("Accept", "application/json")
        request.add_header("Accept-Language", "fr")
        if self.token:
            request.add_header("Authorization", f"Token {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        if (expect and status != expect) or (not expect and status >= 400):
            raise AnswerError(f"{request.get_method()} {request.full_url}: {status} {body[:600]!r}")
        return json.loads(body) if body else None


class Browser:
    """A citizen without JavaScript: cookies, forms, pages."""

    def __init__(self, office: Office) -> None:
        import http.cookiejar

        self.office = office
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def open(self, path: str) -> str:
        """A page's HTML."""
        with self.opener.open(self.office.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    def send(self, path: str, fields: dict[str, str]) -> str:
        """Fill and send the form of the page at `path`; the page that follows."""
        from urllib.parse import urlencode

        page = self.open(path)
        hidden = dict(
            re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
        )
        data = urlencode({**hidden, **fields}).encode()
        request = urllib.request.Request(self.office.url + path, data=data)
        request.add_header("Referer", self.office.url + path)
        with self.opener.open(request, timeout=60) as answer:
            return str(answer.read().decode())
