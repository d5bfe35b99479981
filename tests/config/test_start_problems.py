"""Which settings keep an office from starting: case by case, and in the processes themselves."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.certificates import renew
from config.start_problems import DEVELOPMENT_SECRET, READ, is_weak, problems
from config.starting import UNFIT
from signer.note import COSIGNATURE, VerifierKey
from tests.registry.papers import make_key

ROOT = Path(__file__).resolve().parents[2]
SECRET, TRACKING = (
    "tG7r-Wq2LzP0vXc9-kYb5NsE3hJm8UaR1dFo6Tg",
    "Zx4Vn1Qe_7Hs9Lw2Ky6Pb0Rm5Ct8Jd3Gf-AuIiOo",
)
FIT = {
    "PRODUCTION": "yes",
    "SECRET_KEY": f"{SECRET}+b",
    "TRACKING_KEY": TRACKING,
    "PUBLIC_URL": "https://courrier.example.ma",
    "ALLOWED_HOSTS": "courrier.example.ma",
    "PROXIES": "1",
    "DATABASE_URL": "postgres://u:p@db/sijill?sslmode=verify-full",
    "BROKER_URL": "rediss://broker/0",
    "VAULT_URL": "s3://key:secret@objects:7070/sijill?tls=no&lock_days=3650",
    "SEARCH_URL": "https://elastic:secret@search:9200",
    "CLAMD_URL": "unix:///run/clamav/clamd.sock",
    "EMAIL_URL": "smtp://moi:secret@mail.example:587",
    "EMAIL_FROM": "courrier@example.ma",
    "SIGNING_KEY_FILE": "none",
    "SIGNER_SOCKET": "embedded",
    "TIMESTAMP_URL": "https://tsa.example/",
    "ANCHOR_URL": "s3://key:secret@elsewhere:7070/anchors?lock_days=3650",
}
WITNESS = str(VerifierKey("witness.example", bytes(32), COSIGNATURE))
COMMANDS = {
    "up": [sys.executable, "manage.py", "up"],
    "work": [sys.executable, "manage.py", "work"],
    "worker": [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-P", "solo"],
    "beat": [sys.executable, "-m", "celery", "-A", "config.celery", "beat"],
    "wsgi": [sys.executable, "-c", "import config.wsgi"],
}


def told(**changes: str) -> list[str]:
    return [problem.setting for problem in problems(FIT | changes)]


def test_a_whole_production_and_an_empty_environment_have_no_problem() -> None:
    assert told() == []
    assert problems({}) == []


def test_the_staffs_host_is_one_that_the_office_answers_to() -> None:
    both = "courrier.example.ma,bureau.example.ma"
    assert told(STAFF_URL="https://bureau.example.ma", ALLOWED_HOSTS=both) == []
    assert told(STAFF_URL="https://bureau.example.ma") == ["ALLOWED_HOSTS"]


def test_an_anchor_is_one_of_three_ways_and_readable() -> None:
    assert told(ANCHOR_URL="", ANCHOR_WITNESSES="cour@example.ma") == []
    assert told(ANCHOR_URL="s3://key:secret@elsewhere/anchors") == ["ANCHOR_URL"]
    assert told(ANCHOR_URL="ftp://elsewhere") == ["ANCHOR_URL"]
    assert told(WITNESS_URLS="nobody") == ["WITNESS_URLS"]
    assert [problem.setting for problem in problems({"WITNESS_URLS": "a+b+c https://w.example"})]


@pytest.mark.parametrize("name", sorted(set(FIT) - {"PRODUCTION"}))
def test_what_is_left_out_in_production_is_told(name: str) -> None:
    assert name in told(**{name: ""})
    assert name in {
        p.setting for p in problems(FIT | {name: "", "PRODUCTION": ""}, production=True)
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "k7" * 30),
        ("SECRET_KEY", "changeme-changeme-changeme-changeme-change!"),
        ("SECRET_KEY", DEVELOPMENT_SECRET),
        ("TRACKING_KEY", "short"),
        ("TRACKING_KEY", FIT["SECRET_KEY"]),
        ("SMS_KEY", TRACKING),
        ("PUBLIC_URL", "http://courrier.example.ma"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://[broken"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]"),
        ("ALLOWED_HOSTS", "autre.example.ma"),
        ("STAFF_URL", "http://bureau.example.ma"),
        ("STAFF_URL", "https://"),
        ("STAFF_URL", "https://courrier.example.ma/bureau"),
        ("PROXIES", "0"),
        ("DATABASE_URL", "sqlite:///office.sqlite3"),
        ("DATABASE_URL", "postgres://u:p@db/sijill"),
        ("BROKER_URL", "nonsense"),
        ("BROKER_URL", "memory://"),
        ("BROKER_URL", "http://broker"),
        ("BROKER_URL", "redis://broker/0"),
        ("BROKER_URL", "amqp://u:p@broker:5672/"),
        ("CLAMD_URL", "tcp://clamav:3310"),
        ("SMS_URL", "http://gateway.example/send"),
        ("TIMESTAMP_URL", "http://tsa.example/"),
        ("WITNESS_URLS", f"{WITNESS} http://witness.example"),
        ("TRACES_URL", "HTTP://collector:4318"),
        ("SECURITY_LOG", "udp://collector:514"),
        ("JOB_DELIVERY", "thread"),
        ("JOB_DELIVERY", "pigeon"),
        ("VAULT_URL", "s3://"),
        ("VAULT_URL", "ftp://host/x"),
        ("VAULT_URL", "file://relative/folder"),
        ("VAULT_URL", "s3://k:s@host/b?lock_days=many"),
        ("SEARCH_URL", "http://search:9200"),
        ("SEARCH_URL", "embedded?"),
        ("EMAIL_URL", "console://"),
        ("EMAIL_URL", "file:///tmp/mail"),
        ("EMAIL_URL", "smtp://moi:secret@mail.example?tls=no"),
        ("EMAIL_FROM", "bureau"),
        ("OIDC_URL", "http://sso.example"),
        ("SMS_URL", "file:///tmp/sms"),
        ("SIGNING_KEY_FILE", "/nowhere/key.p12"),
        ("DEBUG", "yes"),
        ("BROKER_URL", "redis://:pass,w@broker.example:6379/0"),
    ],
)
def test_what_is_not_fit_for_production_is_told(name: str, value: str) -> None:
    assert name in told(**{name: value})


@pytest.mark.parametrize(
    "chosen",
    [
        {"VAULT_URL": "file:///srv/originals", "SEARCH_URL": "tantivy", "CLAMD_URL": "none"},
        {"DATABASE_URL": "postgres://u:p@db/sijill", "PGSSLMODE": "disable"},
        {"DATABASE_URL": "postgres://u:p@localhost/sijill", "OIDC_URL": "http://localhost:8080"},
        {"DATABASE_URL": "postgres:///sijill", "OIDC_URL": "https://sso.example"},
        {"EMAIL_URL": "smtp://relay.example?tls=no"},  # no password goes there
        {"EMAIL_URL": "smtp://moi:secret@127.0.0.1?tls=no"},
        {"BROKER_URL": "", "JOB_DELIVERY": "thread"},
        {"BROKER_URL": "", "JOB_DELIVERY": "none"},
        {"BROKER_URL": "amqps://u:p@broker:5671/"},
        {"BROKER_URL": "redis://127.0.0.1/0", "TRACES_URL": "http://localhost:4318"},
        {"CLAMD_URL": "tcp://clamav:3310", "PLAIN_HOSTS": "tsa.example, ClamAV"},
        {"TIMESTAMP_URL": "http://tsa.example/", "PLAIN_HOSTS": "tsa.example"},
        {"WITNESS_URLS": f"{WITNESS} https://witness.example", "SECURITY_LOG": "tls://collector"},
        {"WEB_CERTIFICATE": "none", "WEB_KEY": "/run/web-tls/key.pem"},
        {"SMS_URL": "none"},
        {"ALLOWED_HOSTS": ".example.ma"},
    ],
)
def test_what_is_chosen_on_purpose_is_fit(chosen: dict[str, str]) -> None:
    assert told(**chosen) == []


def test_all_is_told_at_once_and_no_value_is_repeated() -> None:
    found = problems(
        FIT | {"SECRET_KEY": "hidden-word", "BROKER_URL": "x://hidden", "EMAIL_URL": ""}
    )
    assert {p.setting for p in found} == {"SECRET_KEY", "BROKER_URL", "EMAIL_URL"}
    assert not [p for p in found if "hidden" in p.words]


def test_celery_without_a_broker_is_a_contradiction_anywhere() -> None:
    assert [p.setting for p in problems({"JOB_DELIVERY": "celery"})] == ["BROKER_URL"]


@pytest.mark.parametrize("url", ["http://courrier.example.ma", "http://192.168.1.5:8000"])
def test_the_published_key_serves_nobody_on_another_machine(url: str) -> None:
    assert [p.setting for p in problems({"PUBLIC_URL": url})] == ["SECRET_KEY"]
    known = {"PUBLIC_URL": url, "SECRET_KEY": DEVELOPMENT_SECRET, "DEBUG": "on"}
    assert [p.setting for p in problems(known)] == ["SECRET_KEY", "DEBUG"]
    assert problems({"PUBLIC_URL": url, "SECRET_KEY": FIT["SECRET_KEY"]}) == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://localhost:8000", "http://[::1]:80"])
def test_the_published_key_is_enough_on_this_machine(url: str) -> None:
    assert problems({"PUBLIC_URL": url}) == []


def test_a_signing_key_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "key.p12"
    make_key(path, password=b"secret")
    assert told(SIGNING_KEY_FILE=str(path), SIGNING_KEY_PASSWORD="secret") == []
    assert told(SIGNING_KEY_FILE=str(path), SIGNING_KEY_PASSWORD="wrong") == ["SIGNING_KEY_FILE"]
    assert told(SIGNING_KEY_FILE=str(path), RSA_LEAST_BITS="2048") == ["SIGNING_KEY_FILE"]
    path.write_bytes(b"no key")
    assert told(SIGNING_KEY_FILE=str(path)) == ["SIGNING_KEY_FILE"]


def test_a_signing_key_that_is_too_short_is_told_unless_it_is_taken_on_purpose(
    tmp_path: Path,
) -> None:
    path = tmp_path / "key.p12"
    make_key(path, password=b"secret", bits=2048)
    key = {"SIGNING_KEY_FILE": str(path), "SIGNING_KEY_PASSWORD": "secret"}
    assert told(**key) == ["SIGNING_KEY_FILE"]
    assert told(**key, RSA_LEAST_BITS="2048") == []
    assert told(**key, RSA_LEAST_BITS="4096") == ["SIGNING_KEY_FILE"]


def test_what_the_web_server_is_to_show_is_read_and_fits(tmp_path: Path) -> None:
    renew(tmp_path, {"web": os.geteuid(), "other": os.geteuid()})
    shown = {
        "WEB_CERTIFICATE": str(tmp_path / "web" / "cert.pem"),
        "WEB_KEY": str(tmp_path / "web" / "key.pem"),
    }
    assert told(**shown) == []
    wrong = {
        "WEB_CERTIFICATE": [str(tmp_path / "nowhere.pem")],
        "WEB_KEY": ["", "none", "/nowhere/key.pem", str(tmp_path / "other" / "key.pem")],
    }
    for name, values in wrong.items():
        for value in values:
            assert told(**(shown | {name: value})) == [name], value


def test_random_keys_are_not_weak() -> None:
    import secrets

    assert not [1 for _ in range(500) if is_weak(secrets.token_hex(20))]
    assert not [1 for _ in range(500) if is_weak(secrets.token_urlsafe(30))]


def test_every_variable_of_the_rules_is_documented() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert not [name for name in READ if f"`{name}`" not in documented]


def start(tmp_path: Path, *command: str, **variables: str) -> subprocess.Popen[str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=keep | {"DATA_DIR": str(tmp_path), "LANGUAGE_CODE": "en"} | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    try:
        said = process.communicate(timeout=60)[1]
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return process.returncode, said


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_no_process_of_a_half_configured_production_starts(tmp_path: Path, command: str) -> None:
    lacking = {"TRACKING_KEY": "", "EMAIL_URL": "pigeon://x", "BROKER_URL": "nonsense"}
    lacking |= {"SIGNING_KEY_PASSWORD_FILE": "/nowhere/password"}
    code, said = ended(start(tmp_path, *COMMANDS[command], **FIT | lacking))
    assert code == UNFIT, said
    assert "Traceback" not in said
    for name in lacking:
        assert f"  {name.removesuffix('_FILE')}: " in said
    assert "(docs/settings.md): 4\n" in said


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_no_process_serves_others_with_the_published_key(tmp_path: Path, command: str) -> None:
    url = "http://courrier.example.ma"
    code, said = ended(start(tmp_path, *COMMANDS[command], PUBLIC_URL=url))
    assert code not in (0, -signal.SIGKILL)
    assert "  SECRET_KEY: " in said


@pytest.mark.parametrize(
    ("language", "head", "missing", "unreadable", "option"),
    [
        (
            "fr",
            "Sijill ne démarre pas. Réglages à corriger (docs/settings.md)\u00a0: 3\n",
            "  EMAIL_FROM: Réglez-la sur l’adresse d’expédition du bureau.\n",
            "  SESSION_HOURS: Ce doit être un nombre entier d’au moins 0, et non «\u00a0dix",
            "  SEARCH_URL: Elle a des options inconnues\u00a0; sont connues\u00a0: api_key, ",
        ),
        (
            "ar",
            "لا يبدأ Sijill. الإعدادات التي يجب تصحيحها (docs/settings.md): 3\n",
            "  EMAIL_FROM: اضبطوها على العنوان الذي يراسل منه المكتب.\n",
            "  SESSION_HOURS: يجب أن تكون عددا صحيحا لا يقلّ عن 0، لا «dix».",
            "  SEARCH_URL: فيها خيارات غير معروفة؛ والمعروفة: api_key, ",
        ),
    ],
)
@pytest.mark.parametrize("command", ["up", "beat"])
def test_a_refused_start_speaks_the_offices_language(
    tmp_path: Path,
    command: str,
    language: str,
    head: str,
    missing: str,
    unreadable: str,
    option: str,
) -> None:
    wrong = {"EMAIL_FROM": "", "SESSION_HOURS": "dix", "LANGUAGE_CODE": language}
    wrong |= {"SEARCH_URL": "https://elastic:secret@search:9200/?tsl=no"}
    code, said = ended(start(tmp_path, *COMMANDS[command], **FIT | wrong))
    assert code == UNFIT, said
    assert said.startswith(head)
    assert missing in said
    assert unreadable in said
    assert option in said
