"""Certificates, backups, sign-ins, mails and partners on the health page: each with what to do."""

import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from channels.models import Partner
from identity import events
from identity.kinds import SecurityKind
from jobs.models import Job
from org.models import User
from registry.files.vault import get_vault
from registry.models.acts import Act
from tests.factories import deposit
from tests.registry.papers import make_key
from tests.services.process import free_port
from web.desk.administration.certificates import certificate_of
from web.desk.administration.finding import Finding
from web.desk.administration.health_checks import findings, versions
from web.desk.administration.health_inside import inside

pytestmark = pytest.mark.django_db


def lines(name: str) -> list[Finding]:
    return [one for one in findings() if one.name.startswith(name)]


def made(folder: Path, *, days: int, name: str = "localhost") -> tuple[Path, Path]:
    key, certificate = folder / "key.pem", folder / "cert.pem"
    command = [
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-nodes", "-keyout", str(key), "-out", str(certificate), "-days", str(days)),
        *("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return key, certificate


@pytest.fixture
def https(tmp_path: Path, openssl: None) -> Iterator[tuple[str, Path]]:
    """A server with a certificate that ends in ten days: its address, and what to trust."""
    key, certificate = made(tmp_path, days=10)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    cache.clear()
    yield f"https://localhost:{server.server_address[1]}", certificate
    server.shutdown()
    server.server_close()


def test_a_certificate_that_ends_soon_is_told(
    https: tuple[str, Path], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUBLIC_URL = https[0]
    monkeypatch.setenv("SSL_CERT_FILE", str(https[1]))
    (line,) = lines("Certificat de l’adresse")
    assert (line.state, "Valable jusqu’au" in line.words) == ("warn", True)
    assert line.todo


def test_a_certificate_that_nobody_trusts_is_told(https: tuple[str, Path], settings: Any) -> None:
    settings.PUBLIC_URL = https[0]
    (line,) = lines("Certificat de l’adresse")
    assert line.state == "bad"
    seen = certificate_of(https[0])
    assert seen
    assert seen.ends_at


def test_an_address_that_is_away_or_plain_is_told(settings: Any) -> None:
    cache.clear()
    settings.PUBLIC_URL = "https://localhost:1"
    assert lines("Certificat de l’adresse")[0].state == "warn"
    settings.PUBLIC_URL = "http://localhost:8000"
    assert lines("Certificat de l’adresse")[0].state == "ok"
    settings.PUBLIC_URL = "http://office.example"
    assert lines("Certificat de l’adresse")[0].state == "warn"


def test_the_certificate_of_the_staffs_address_is_looked_at_too(settings: Any) -> None:
    cache.clear()
    settings.PUBLIC_URL, settings.STAFF_URL = "http://localhost:8000", "https://localhost:1"
    found = lines("Certificat de l’adresse – localhost")
    assert [line.state for line in found] == ["warn", "ok"], "the worst first"


def test_a_services_certificate_that_ends_soon_is_told(
    https: tuple[str, Path], settings: Any
) -> None:
    place, trusted = https[0].removeprefix("https://"), https[1]
    settings.SEARCH_URL = f"https://office:secret@{place}/?ca_certs={trusted}"
    (line,) = lines("Certificat TLS\u00a0: Elasticsearch")
    assert (line.state, "Valable jusqu’au" in line.words) == ("warn", True)
    assert "Encryption within" in line.todo
    cache.clear()
    settings.SEARCH_URL = f"https://office:secret@{place}/"
    assert lines("Certificat TLS\u00a0: Elasticsearch")[0].state == "bad"


def test_services_that_are_away_or_plain_or_elsewhere_are_told_apart(settings: Any) -> None:
    cache.clear()
    settings.SEARCH_URL, settings.BROKER_URL = "", "rediss://:secret@localhost:1/0"
    settings.VAULT_URL = "s3://bucket-of-amazon"
    assert [line.name for line in inside()] == ["Certificat TLS\u00a0: Redis"]
    assert next(inside()).state == "warn"
    settings.BROKER_URL, settings.VAULT_URL = "redis://:x@r/0", "s3://k:s@objects:7070/v?tls=no"
    assert list(inside()) == []
    settings.BROKER_URL = "rediss://:x@localhost:1/0?ssl_cert_reqs=none"  # asked for by nobody
    assert list(inside()) == []


def test_what_the_web_server_itself_shows_is_told(
    tmp_path: Path, openssl: None, settings: Any
) -> None:
    _key, certificate = made(tmp_path, days=10)
    settings.WEB_CERTIFICATE = str(certificate)
    (line,) = lines("Certificat TLS\u00a0: serveur web")
    assert (line.state, "Valable jusqu’au" in line.words) == ("warn", True)
    certificate.write_bytes(b"torn")
    assert lines("Certificat TLS\u00a0: serveur web")[0].state == "bad"
    settings.WEB_CERTIFICATE = ""
    assert not lines("Certificat TLS\u00a0: serveur web")


def test_keys_that_sign_are_told(tmp_path: Path, openssl: None, settings: Any) -> None:
    key, certificate = made(tmp_path, days=3)
    store = tmp_path / "amina.p12"
    subprocess.run(
        [
            *("openssl", "pkcs12", "-export", "-inkey", str(key), "-in", str(certificate)),
            *("-out", str(store), "-passout", "pass:x"),
        ],
        check=True,
        capture_output=True,
    )
    settings.SIGNING_KEYS_DIR = str(tmp_path)
    (line,) = lines("Certificat de signature")
    assert (line.state, line.name.endswith("amina")) == ("bad", True)
    assert "ouvrir" in line.words
    store.with_suffix(".pass").write_text("x")
    (line,) = lines("Certificat de signature")
    assert (line.state, "Valable" in line.words) == ("bad", True)


def test_a_key_that_is_too_short_is_told(tmp_path: Path, settings: Any) -> None:
    settings.SIGNING_KEYS_DIR = str(tmp_path)
    (tmp_path / "amina.pass").write_text("x")
    for bits, state in ((2048, "warn"), (3072, "ok")):
        make_key(tmp_path / "amina.p12", password=b"x", bits=bits, days=3650)
        (line,) = lines("Certificat de signature")
        assert (line.state, "RSA_LEAST_BITS" in line.todo) == (state, state == "warn")


def test_backups_are_told_by_a_command() -> None:
    (line,) = lines("Sauvegardes")
    assert (line.state, "manage backup_done" in line.todo) == ("warn", True)
    call_command("backup_done")
    assert lines("Sauvegardes")[0].state == "ok"
    for days, state in ((2, "warn"), (8, "bad")):
        at = (timezone.localtime() - timedelta(days=days)).replace(tzinfo=None)
        call_command("backup_done", at=at.isoformat())
        assert lines("Sauvegardes")[0].state == state
    count = Act.objects.count()
    for wrong in ("yesterday", "2999-01-01T00:00", "2026-13-41T00:00"):
        with pytest.raises(CommandError) as refused:
            call_command("backup_done", at=wrong)
        assert refused.value.returncode == 2
    assert Act.objects.count() == count


def test_failed_sign_ins_are_counted(amina: User) -> None:
    assert lines("Connexions")[0].state == "ok"
    events.record(SecurityKind.SIGN_IN_FAILED, person=None, subject=amina)
    (line,) = lines("Connexions")
    assert (line.state, "1 " in line.words) == ("ok", True)
    events.record(SecurityKind.SIGN_IN_BRAKED, person=None, subject=amina)
    (line,) = lines("Connexions")
    assert (line.state, bool(line.todo), line.link) == ("warn", True, "/security/")


def test_messages_that_do_not_leave_are_told(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    deposit()
    assert [line.state for line in lines("Courrier électronique")] in ([], ["ok"])
    Job.objects.filter(pk=Job.objects.earliest("pk").pk).update(
        state="ready", error_code="mail_login"
    )
    told = [line for line in findings() if "parti" in line.words]
    assert [(line.state, line.link) for line in told] == [("warn", "/administration/channels/")]


def test_partners_that_take_nothing_are_told(client_as: Any) -> None:
    now = timezone.now()
    Partner.objects.create(name="A", webhook_url="https://a.example/", webhook_off_at=now)
    Partner.objects.create(name="B", webhook_url="https://b.example/", webhook_failing_since=now)
    Partner.objects.create(name="C", webhook_url="https://c.example/")
    assert [line.state for line in lines("Messages aux partenaires")] == ["bad", "warn", "ok"]
    client: Client = client_as("admin")
    page = client.get("/administration/health/")
    assert page.status_code == 200
    assert dict(versions())["Sijill"] in page.content.decode()


class LeastOfRedis(socketserver.StreamRequestHandler):
    """It answers each command of a client that signs in (RESP 3: a map to HELLO, else a word)."""

    def handle(self) -> None:
        for line in self.rfile:
            words = [self.rfile.readline() for _ in range(2 * int(line[1:]))]
            hello = words[1].strip() == b"HELLO"
            self.wfile.write(b"%1\r\n+proto\r\n:3\r\n" if hello else b"+PONG\r\n")


def test_a_broker_that_is_away_is_told_and_no_worker_is_blamed_for_it(settings: Any) -> None:
    """Workers are heard of through the database, and only while they are rung by the broker."""
    settings.BROKER_URL = f"rediss://127.0.0.1:{free_port()}/0"
    (broker,) = lines("Courtier de messages")
    assert (broker.state, broker.todo != "") == ("bad", True)
    assert "ne répond pas" in broker.words
    assert lines("Exécuteur") == []
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it accepts, and answers nothing
        settings.BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        assert [line.state for line in lines("Courtier de messages")] == ["bad"]
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), LeastOfRedis) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.BROKER_URL = f"redis://127.0.0.1:{server.server_address[1]}/0"
        (broker,) = lines("Courtier de messages")
        (worker,) = lines("Exécuteur")
        server.shutdown()
    assert broker.state == "ok"
    assert worker.state == "bad"
    assert "Celery" in worker.todo
    settings.BROKER_URL = ""
    assert lines("Courtier de messages") == []
    assert "Celery" not in lines("Exécuteur")[0].todo


def test_a_store_of_files_that_is_away_is_told(settings: Any) -> None:
    settings.VAULT_URL = ""
    assert lines("Coffre des fichiers") == []  # they lie in a folder
    settings.VAULT_URL = f"s3://key:secret@127.0.0.1:{free_port()}/vault?tls=no"
    get_vault.cache_clear()
    try:
        (vault,) = lines("Coffre des fichiers")
    finally:
        get_vault.cache_clear()
    assert vault.state == "bad"
    assert "VAULT_URL" in vault.todo
