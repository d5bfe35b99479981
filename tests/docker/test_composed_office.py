"""Each service that the composition builds runs by its own command, settings and secrets."""

import contextlib
import http.client
import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
import pyrage
import pytest

from tests.docker.composed import HOST, OURS, SERVICES, Composition, make_secrets
from tests.plugins.wanting import wanting
from tests.production.office import fresh_database, until
from tests.services.collector import Collector
from tests.services.redis_server import start_redis

pytestmark = [pytest.mark.production, pytest.mark.slow]

# A letter's way touches each of them; `migrate` and `bucket` end by themselves.
LASTING = ("web", "signer", "worker-fast", "worker-slow", "beat", "backup")
PERSON = "username,first_name,last_name,email,duty,departments\namina,Amina,B,a@example.ma,clerk,\n"


@pytest.fixture
def composed(tmp_path: Path) -> Iterator[tuple[Composition, Collector]]:
    """The composition beside servers of the tests, and a collector; nothing of it runs yet."""
    urls = {}
    for name in ("POSTGRES", "ELASTICSEARCH", "S3"):
        urls[name] = os.environ.get(f"TEST_{name}_URL", "")
        if not urls[name]:
            wanting(f"TEST_{name}_URL names no server")
    secrets, mark = tmp_path / "secrets", uuid.uuid4().hex[:8]
    make_secrets(secrets)
    broker, broker_urls = start_redis()
    identity = pyrage.x25519.Identity.generate()
    host = {
        "BACKUP_URL": str(tmp_path / "backups"),
        "BACKUP_RECIPIENTS": str(identity.to_public()),
        "MEANING": "no",
    }
    with contextlib.ExitStack() as stack:
        collector = stack.enter_context(Collector())
        host["TRACES_URL"] = collector.address
        stack.callback(broker.stop)
        stack.callback(_drop_role, urls["POSTGRES"], f"office_{mark}")
        database = stack.enter_context(fresh_database(urls["POSTGRES"]))
        _name_database(secrets, database, role=f"office_{mark}")
        store = urls["S3"]
        for name, value in {
            "broker_url": broker_urls["TEST_REDIS_URL"],
            "search_url": f"{urls['ELASTICSEARCH']}/?index=composed-{mark}",
            "vault_url": _bucket(store, f"composed-{mark}"),
            "anchor_url": _bucket(store, f"anchors-{mark}"),
            "email_url": "smtps://moi:secret@127.0.0.1:9",
        }.items():
            _write(secrets / name, value)
        office = Composition(tmp_path, secrets, host=host)
        # No scanner's signatures can be fetched here; all else is the composition's own.
        office.instead["CLAMD_URL"] = "none"
        stack.callback(office.close)
        yield office, collector


def _write(file: Path, value: str) -> None:
    file.unlink(missing_ok=True)
    file.write_text(value)


def _name_database(secrets: Path, database: str, *, role: str) -> None:
    """Let the secrets name this database, with a role that no other office of this server has."""
    drawn, place = urlsplit((secrets / "database_url").read_text()), urlsplit(database)
    netloc = f"{role}:{drawn.password}@{place.hostname}:{place.port}"
    _write(secrets / "database_owner_url", database)
    _write(secrets / "database_url", place._replace(netloc=netloc).geturl())


def _drop_role(server: str, role: str) -> None:
    """The database that it was granted anything in is gone by now."""
    with psycopg.connect(server, autocommit=True) as session:
        session.execute(f'DROP ROLE IF EXISTS "{role}"'.encode())


def _bucket(store: str, name: str) -> str:
    """The store's address with another bucket."""
    url = urlsplit(store)
    return url._replace(path=f"/{quote(name)}").geturl()


def _ask(
    office: Composition, path: str, headers: dict[str, str], body: bytes | None = None
) -> object:
    """Ask as the proxy that brings TLS does; None where the office is too busy to answer."""
    line = http.client.HTTPConnection("127.0.0.1", office.port, timeout=60)
    named = {"Host": HOST["ALLOWED_HOSTS"], "X-Forwarded-Proto": "https"}
    named["X-Forwarded-For"] = "203.0.113.9"
    with contextlib.closing(line):
        line.request("POST" if body else "GET", path, body, named | headers)
        answer = line.getresponse()
        text = answer.read()
    if answer.status == 503:
        return None
    assert answer.status in {200, 201}, text[:500]
    return json.loads(text)


def test_the_composition_takes_a_letter_from_deposit_to_its_proof(
    composed: tuple[Composition, Collector], tmp_path: Path
) -> None:
    office, collector = composed
    for name in ("bucket", "migrate"):
        done = office.run(name)
        assert done.returncode == 0, f"{name}: {done.stderr[-2000:]}"
    people = tmp_path / "people.csv"
    people.write_text(PERSON)
    for words in (
        ("setup_office", "--organisation", "utility"),
        ("people", "--import", str(people)),
    ):
        done = office.run("web", "python", "manage.py", *words)
        assert done.returncode == 0, done.stderr[-2000:]
    made = office.run("web", "python", "manage.py", "api_tokens", "make", "amina")
    assert made.returncode == 0, made.stderr[-2000:]
    assert set(LASTING) == {n for n in OURS if SERVICES[n]["restart"] == "unless-stopped"}
    for name in LASTING:
        office.start(name)
    until(lambda: office.is_well("web"))
    token = {"Authorization": f"Token {made.stdout.strip()}"}
    word = f"compteur{uuid.uuid4().hex[:8]}"
    boundary = uuid.uuid4().hex
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="lettre.txt"\r\n'
        f"Content-Type: text/plain\r\n\r\nMonsieur, voici le {word}.\r\n--{boundary}--\r\n"
    ).encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    kind["Idempotency-Key"] = uuid.uuid4().hex
    deposited: list[dict[str, object]] = []

    def taken() -> bool:
        answer = _ask(office, "/api/v1/letters", token | kind, body)
        deposited.extend([answer] if isinstance(answer, dict) else [])
        return bool(deposited)

    def found() -> bool:
        answer = _ask(office, f"/api/v1/search?q={word}", token)
        hits = answer["hits"] if isinstance(answer, dict) else []
        return [row["letter"]["id"] for row in hits] == [deposited[0]["id"]]

    until(taken)

    until(found)
    way = {"POST /api/v1/letters", "letter.read", "letter.index"}
    until(lambda: way <= collector.trace_of("POST /api/v1/letters"))
    assert word not in collector.everything
    for name in LASTING[1:]:
        until(lambda name=name: office.is_well(name))  # type: ignore[misc]
    until(lambda: _proven(office))
    url = (tmp_path / "secrets" / "database_url").read_text()
    with psycopg.connect(url) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("ALTER TABLE registry_letterevent DISABLE TRIGGER ALL")
    for name in LASTING:
        assert "Traceback" not in office.log(name), office.log(name)


def _proven(office: Composition) -> bool:
    """The register is whole, and the signer has sealed it."""
    done = office.run("web", "python", "manage.py", "verify_register")
    assert done.returncode in {0, 1}, done.stderr
    return done.returncode == 0
