"""Each service that the composition builds runs by its own command, settings and secrets."""

import contextlib
import functools
import http.client
import json
import os
import re
import shutil
import ssl
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import elastic_transport
import kombu
import psycopg
import pyrage
import pytest
from kombu.exceptions import OperationalError

from config.certificates import renew
from registry.files.receiving import VaultError
from registry.files.vault_s3 import ObjectVault
from search.backends.elasticsearch.client import connect
from tests.docker.composed import HOST, OURS, SERVICES, Composition, make_secrets
from tests.docker.servers import CERTIFIED, Servers, composed_servers
from tests.plugins.wanting import wanting
from tests.production.office import until as _until
from tests.services.collector import Collector
from tests.services.process import ServiceMissingError
from web.desk.administration.certificates import Endpoint, certificate_at

pytestmark = [pytest.mark.production, pytest.mark.slow]

# Six processes that begin at once on a busy machine take their time; what is fine is seen at once.
until = functools.partial(_until, seconds=600)
# A letter's way touches each of them; `migrate` and `bucket` end by themselves.
LASTING = ("web", "signer", "worker-fast", "worker-slow", "beat", "backup")
PERSON = "username,first_name,last_name,email,duty,departments\namina,Amina,B,a@example.ma,clerk,\n"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The servers of the composition, with the secrets and certificates that it would make."""
    search = os.environ.get("TEST_ELASTICSEARCH_URL") or wanting("no TEST_ELASTICSEARCH_URL")
    folder = tmp_path_factory.mktemp("servers")
    make_secrets(folder / "secrets")
    try:
        with composed_servers(folder, folder / "secrets", search=search) as running:
            yield running
    except ServiceMissingError as error:
        wanting(str(error))


@pytest.fixture
def composed(tmp_path: Path, servers: Servers) -> Iterator[tuple[Composition, Collector]]:
    """The composition beside its servers, and a collector; nothing of it runs yet."""
    secrets, mark = tmp_path / "secrets", uuid.uuid4().hex[:8]
    shutil.copytree(servers.secrets, secrets)
    for name in ("database_url", "database_owner_url", "broker_url", "search_url", "vault_url"):
        _write(secrets / name, servers.url(name))
    _write(secrets / "vault_owner_url", servers.url("vault_owner_url"))
    _write(secrets / "search_url", f"{servers.url('search_url')}&index=composed-{mark}")
    anchors = servers.url("vault_owner_url").replace("/sijill?", "/anchors?")
    _write(secrets / "anchor_url", anchors)
    _write(secrets / "email_url", "smtps://moi:secret@127.0.0.1:9")
    identity = pyrage.x25519.Identity.generate()
    host = {
        "BACKUP_URL": str(tmp_path / "backups"),
        "BACKUP_RECIPIENTS": str(identity.to_public()),
        "MEANING": "no",
    }
    renew(tmp_path / "tls", {"web": os.geteuid()})
    with contextlib.ExitStack() as stack:
        collector = stack.enter_context(Collector())
        host["TRACES_URL"] = collector.address
        office = Composition(tmp_path, secrets, host=host)
        # No scanner's signatures can be fetched here; all else is the composition's own.
        office.instead["CLAMD_URL"] = "none"
        stack.callback(office.close)
        yield office, collector


def _write(file: Path, value: str) -> None:
    file.unlink(missing_ok=True)
    file.write_text(value)


def _ask(
    office: Composition, path: str, headers: dict[str, str], body: bytes | None = None
) -> object:
    """Ask as the proxy does; None where the office is too busy to answer."""
    trusted = ssl.create_default_context(cafile=office.place("/run/tls/ca.pem"))
    line = http.client.HTTPSConnection("127.0.0.1", office.port, timeout=60, context=trusted)
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
    with pytest.raises((OSError, http.client.HTTPException)):
        urllib.request.urlopen(f"http://127.0.0.1:{office.port}/healthz", timeout=60)
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


def _asks_database(url: str) -> None:
    with psycopg.connect(url) as session:
        session.execute("SELECT 1")


def _asks_broker(url: str) -> None:
    with kombu.Connection(url, transport_options={"max_retries": 0}) as line:
        channel: Any = line.default_channel
        channel.client.ping()


def _asks_search(url: str) -> None:
    connect(url).client.options(max_retries=0).cluster.health()


def _asks_vault(url: str) -> None:
    ObjectVault.from_url(url).make_bucket()


# What the office asks by each address, and what says that it trusts nobody there.
ASKS: tuple[tuple[str, Any, type[Exception]], ...] = (
    ("database_owner_url", _asks_database, psycopg.OperationalError),
    ("broker_url", _asks_broker, OperationalError),
    ("search_url", _asks_search, elastic_transport.TlsError),
    ("vault_owner_url", _asks_vault, VaultError),
)


def test_a_service_with_a_certificate_of_another_authority_is_refused(
    servers: Servers, tmp_path: Path
) -> None:
    renew(tmp_path / "other", dict.fromkeys(CERTIFIED, os.geteuid()))
    other = tmp_path / "other" / "office" / "ca.pem"
    for name, ask, refused in ASKS:
        ask(servers.url(name))
        with pytest.raises(refused) as told:
            ask(servers.url(name, authority=other))
        assert "certificate verify failed" in _causes(told.value), name


def test_a_service_with_a_certificate_of_another_name_is_refused(servers: Servers) -> None:
    for name, ask, refused in ASKS:
        # The same machine by a name that stands in no certificate; libpq takes 127.1 for 127.0.0.1.
        url = servers.url(name).replace("127.0.0.1", "127.1")
        if url.startswith("postgres:"):
            url = f"{url.replace('127.1', 'elsewhere')}&hostaddr=127.0.0.1"
        with pytest.raises(refused) as told:
            ask(url)
        assert re.search(r"(certificate|hostname).*(match|not valid)", _causes(told.value)), name


def test_the_health_page_sees_what_each_service_shows(servers: Servers) -> None:
    for name, port in servers.ports.items():
        door = Endpoint("127.0.0.1", port, str(servers.authority), asks=name == "postgres")
        seen = certificate_at(door)
        assert (seen.problem, seen.ends_at is not None) == ("", True), name


def _causes(error: BaseException | None) -> str:
    """Return what an error says and what those say that it came from."""
    words = ""
    while error is not None:
        words += f"{error} {getattr(error, 'errors', '')} "
        error = error.__cause__ or error.__context__
    return words


def test_no_service_answers_in_the_clear(servers: Servers) -> None:
    owner = urlsplit(servers.url("database_owner_url"))
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        _asks_database(owner._replace(query="sslmode=disable").geturl())
    for name in ("redis", "objects", "elasticsearch"):
        line = http.client.HTTPConnection("127.0.0.1", servers.ports[name], timeout=20)
        with contextlib.closing(line), contextlib.suppress(OSError, http.client.HTTPException):
            line.request("GET", "/")
            assert line.getresponse().status == 400, name
