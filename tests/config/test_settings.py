"""An empty environment is a working office; a bad value is said loudly; production is whole."""

import ast
import base64
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from config.checks import reminders_are_readable
from config.mailing import read_mail_address
from tests.config.test_start_problems import FIT

ROOT = Path(__file__).resolve().parents[2]
SHOW = """
import json, os, pathlib
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from django.conf import settings
names = ["DEBUG", "JOB_DELIVERY"]
names += [f"SECURE_{name}" for name in ("PROXY_SSL_HEADER", "SSL_REDIRECT")]
names += [f"SECURE_{name}" for name in ("REDIRECT_EXEMPT", "HSTS_INCLUDE_SUBDOMAINS")]
cookies = ("SESSION", "CSRF", "LANGUAGE", "DEVICE", "PROOF", "PUSH")
names += [f"{name}_COOKIE_NAME" for name in cookies]
names += [f"{name}_COOKIE_SECURE" for name in ("SESSION", "CSRF", "LANGUAGE")]
names += [f"EMAIL_{name}" for name in ("BACKEND", "USE_SSL", "USE_TLS", "HOST_PASSWORD", "PORT")]
shown = {name: getattr(settings, name) for name in names}
shown["duties"] = sorted(settings.MFA_REQUIRED_DUTIES)
shown["engine"] = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
pathlib.Path(settings.DATA_DIR, "written").touch()
print(json.dumps(shown))
"""


def office(tmp_path: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A process whose environment holds nothing but what is given."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=keep | {"DATA_DIR": str(tmp_path)} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def shown(tmp_path: Path, **variables: str) -> dict[str, Any]:
    done = office(tmp_path, "-c", SHOW, **variables)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_an_empty_environment_is_an_embedded_office(tmp_path: Path) -> None:
    found = shown(tmp_path)
    assert (found["engine"], found["JOB_DELIVERY"], found["DEBUG"]) == ("sqlite3", "thread", False)
    assert (tmp_path / "written").stat().st_mode & 0o777 == 0o600  # its user's alone
    assert {name for name in found if name.endswith("_NAME") and "-" in found[name]} == set()
    assert not found["SESSION_COOKIE_SECURE"]
    assert found["duties"] == []
    assert "smtp" not in found["EMAIL_BACKEND"]  # no mail leaves an office that names no server


def test_addresses_choose_the_production_parts(tmp_path: Path) -> None:
    found = shown(
        tmp_path,
        DATABASE_URL="postgres://u:p@db/sijill",
        BROKER_URL="redis://broker/0",
        EMAIL_URL="smtps://moi:p%40ss@mail.example",
        PUBLIC_URL="https://courrier.example.ma",
        SECRET_KEY="a key of this test alone",
        PROXIES="1",
    )
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert found["SECURE_REDIRECT_EXEMPT"] == ["^api/", "^scim/", "^healthz$", "^readyz$"]
    secure = {name for name in found if name.endswith("COOKIE_SECURE") and found[name] is True}
    assert len(secure) == 3
    prefixes = {n.removesuffix("_COOKIE_NAME"): v for n, v in found.items() if n.endswith("_NAME")}
    assert prefixes.pop("DEVICE").startswith("__Secure-")  # of one path
    assert len([name for name in prefixes.values() if name.startswith("__Host-")]) == 5
    assert (found["engine"], found["JOB_DELIVERY"]) == ("postgresql", "celery")
    assert (found["EMAIL_USE_SSL"], found["EMAIL_PORT"]) == (True, 465)
    assert found["EMAIL_HOST_PASSWORD"] == "p@ss"


def test_production_asks_administrators_and_directors_for_a_second_step(tmp_path: Path) -> None:
    assert shown(tmp_path, PRODUCTION="yes")["duties"] == ["administrator", "director"]
    assert shown(tmp_path, PRODUCTION="yes", MFA_REQUIRED_DUTIES="none")["duties"] == []
    asked = shown(tmp_path, PRODUCTION="yes", MFA_REQUIRED_DUTIES="clerk,auditor")["duties"]
    assert asked == ["auditor", "clerk"]


@pytest.mark.parametrize(
    ("address", "tls", "ssl"),
    [
        ("smtp://moi:secret@mail.example:587", True, False),
        ("smtp://mail.example", True, False),
        ("smtp://mail.example?tls=no", False, False),
        ("smtp://127.0.0.1:2525", False, False),
        ("smtp://127.0.0.1?tls=yes", True, False),
        ("smtps://mail.example", False, True),
        ("file:///srv/mail", False, False),
    ],
)
def test_mails_go_encrypted_unless_told_otherwise(address: str, tls: bool, ssl: bool) -> None:
    found = read_mail_address(address)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("PORT", "http"), ("PORT", "0"), ("UPLOAD_MAX_MB", "-1"), ("DEBUG", "perhaps")),
        *(
            ("EMAIL_URL", "pigeon://x"),
            ("EMAIL_URL", "smtp://x?tls=perhaps"),
            ("SECRET_KEY_FILE", "/nowhere/key"),
        ),
    ],
)
def test_a_bad_value_is_said_by_its_name(tmp_path: Path, name: str, value: str) -> None:
    done = office(tmp_path, "-c", SHOW, **{name: value})
    assert done.returncode != 0
    assert name.removesuffix("_FILE") in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("lacking", ["", "SECRET_KEY", "VAULT_URL", "PROXIES"])
def test_a_half_configured_production_does_not_pass_its_check(tmp_path: Path, lacking: str) -> None:
    given = {name: value for name, value in FIT.items() if name != lacking}
    done = office(tmp_path, "manage.py", "check", "--tag", "security", **given)
    if lacking:
        assert done.returncode != 0
        assert f"sijill.{lacking}" in done.stderr
    else:
        assert done.returncode == 0, done.stderr


def test_the_check_of_a_deployment_asks_for_nothing_that_the_handbook_does_not(
    tmp_path: Path,
) -> None:
    key = base64.b64encode(os.urandom(36)).decode()  # as docs/operations.md makes it
    done = office(tmp_path, "manage.py", "check", "--deploy", **FIT | {"SECRET_KEY": key})
    assert done.returncode == 0, done.stderr
    assert "sijill.OUTGOING_HOSTS" in done.stderr
    assert "security.W" not in done.stderr


def test_secrets_may_come_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("  from the file\n")
    monkeypatch.setenv("SOME_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("SOME_SECRET", "from the variable")
    assert env.text("SOME_SECRET") == "from the file"


def test_lists_and_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_HOSTS", " a.example, ,b.example ")
    assert env.list_("SOME_HOSTS", []) == ["a.example", "b.example"]
    for word, value in (("Yes", True), ("on", True), ("0", False), ("OFF", False)):
        monkeypatch.setenv("SOME_FLAG", word)
        assert env.flag("SOME_FLAG", default=not value) is value
    monkeypatch.setenv("SOME_FLAG", "maybe")
    with pytest.raises(ImproperlyConfigured, match="SOME_FLAG"):
        env.flag("SOME_FLAG", default=True)


def test_what_stands_for_nothing_is_read_as_nothing(tmp_path: Path) -> None:
    code = SHOW.replace('"DEBUG", ', '"DEBUG", "SEARCH_URL", "CLAMD_URL", "SIGNING_KEY_FILE", ')
    words = {"SEARCH_URL": "tantivy", "CLAMD_URL": "none", "SIGNING_KEY_FILE": "none"}
    done = office(tmp_path, "-c", code, **words, PUBLIC_URL="https://courrier.example.ma")
    found = json.loads(done.stdout)
    assert found["SECURE_PROXY_SSL_HEADER"] is None  # without a proxy it is a caller's word
    assert not found["SECURE_SSL_REDIRECT"]
    assert [found[name] for name in words] == ["", "", ""]


def test_an_empty_secret_file_is_a_secret_that_is_not_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("\n")
    monkeypatch.setenv("SOME_SECRET_FILE", str(tmp_path / "secret"))
    assert env.text("SOME_SECRET", "the default") == "the default"


@pytest.mark.parametrize(
    ("name", "value"), [("REMINDERS", "5:boss"), ("OFFICE_HOURS", "always"), ("REMINDERS", "x")]
)
def test_reminders_that_say_nothing_are_refused_at_the_start(
    settings: Any, name: str, value: str
) -> None:
    assert reminders_are_readable(None) == []
    setattr(settings, name, value)
    assert [error.id for error in reminders_are_readable(None)] == [f"sijill.{name}"]


def test_a_database_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    """The machine answers, the server does not: no page waits for it until the network gives up."""
    ask = "import django; django.setup(); from django.db import connection; connection.connect()"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = f"postgres://office:secret@127.0.0.1:{silent.getsockname()[1]}/office"
        done = office(
            tmp_path, "-c", ask, DATABASE_URL=database, DJANGO_SETTINGS_MODULE="config.settings"
        )
    assert "connection timeout expired" in done.stderr


def test_what_the_address_says_of_its_patience_goes_before(tmp_path: Path) -> None:
    ask = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    address = "postgres://office:secret@127.0.0.1:5/office?connect_timeout=3&sslmode=require"
    done = office(
        tmp_path, "-c", ask, DATABASE_URL=address, DJANGO_SETTINGS_MODULE="config.settings"
    )
    options = ast.literal_eval(done.stdout)
    assert (options["connect_timeout"], options["sslmode"]) == (3, "require")
    assert options["tcp_user_timeout"] == 20_000
