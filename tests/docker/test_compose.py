"""The composition for a server: what it names is there, healthy, pinned and not published; what is
documented can be set, and with the secrets that make-secrets draws the office starts."""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError
from django.core.management import call_command

from config.certificates import renew
from config.start_problems import READ, problems
from registry.files.receiving import VaultError, receive
from registry.files.vault import get_vault
from registry.files.vault_s3 import ObjectVault
from tests.docker.composed import COMPOSE, HOST, OURS, ROOT, SERVICES, filled_in, make_secrets
from tests.docker.servers import CERTIFIED, Servers, start_objects
from tests.services.elasticsearch_server import IMAGE

OFFICE: dict[str, str] = SERVICES["web"]["environment"]
RUN_ONCE = {"restore"} | {
    other
    for service in SERVICES.values()
    for other, how in service.get("depends_on", {}).items()
    if how["condition"] == "service_completed_successfully"
}
WITHIN = (
    *("database_url", "database_owner_url", "broker_url", "search_url", "vault_url"),
    "vault_owner_url",
)
AUTHORITY = "/run/tls/ca.pem"
SUCCESS = {"condition": "service_completed_successfully"}
# Documented settings that are not passed on, each with its reason.
NOT_PASSED = {
    "DATA_DIR": "the volume `office`; the image names it",
    "BIND": "the image listens on all addresses of its own network",
    "PORT": "inside it is 8000; the host's port is chosen in `ports`",
    "DEBUG": "never on a server",
    "JOB_DELIVERY": "celery, since there is a broker",
    "WORKER_THREADS": "of `manage work`, which is not used here",
    "EXPORT_DIR": "in DATA_DIR, which all parts of the office share",
    "ARCHIVE_FOLDER": "in DATA_DIR, which all parts of the office share",
    "OCR_MODELS_DIR": "the image holds the models",
    "SIGNER_DATA": "the signer's own volume, which the office does not see",
    "SIGNER_KEY": "the signer's own",
}


def environment(secrets: Path, **host: str) -> dict[str, str]:
    """What the office in its container reads."""
    shown = {name: filled_in(text, HOST | host) for name, text in OFFICE.items()}
    for name in READ:
        if f"{name}_FILE" in shown and name != "SIGNING_KEY":
            path = secrets / Path(shown[f"{name}_FILE"]).name
            shown[name] = path.read_text("utf-8").strip()
    key = shown["SIGNING_KEY_FILE"]
    shown["SIGNING_KEY_FILE"] = key.replace("/run/secrets", str(secrets))
    renew(secrets.parent / "tls", {"web": os.geteuid()})
    for name in ("WEB_CERTIFICATE", "WEB_KEY"):
        shown[name] = shown[name].replace("/run/web-tls", str(secrets.parent / "tls" / "web"))
    return {name: shown.get(name, "") for name in READ}


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    make_secrets(folder)
    return folder


def settings_read() -> set[str]:
    """The variables that the settings read, by the one reader of the environment."""
    sources = "".join(file.read_text() for file in (ROOT / "config").glob("*.py"))
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', sources))


def documented() -> set[str]:
    rows = re.findall(r"^\| (`[^|]+`) \|", (ROOT / "docs/settings.md").read_text("utf-8"), re.M)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def given_to(service: dict[str, Any]) -> set[str]:
    """The settings that a service is given; a secret counts as the setting that its file holds."""
    names = service["environment"]
    return {n if n == "SIGNING_KEY_FILE" else n.removesuffix("_FILE") for n in names}


def test_the_parts_of_an_office_are_all_there() -> None:
    assert {"web", "worker-fast", "worker-slow", "beat"} <= set(OURS)
    assert {"postgres", "redis", "elasticsearch", "clamav", "objects"} <= set(SERVICES)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - RUN_ONCE))
def test_every_lasting_service_has_a_health_check_and_comes_back(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_every_health_check_of_the_image_is_one_that_it_knows() -> None:
    asked = {OURS[name]["healthcheck"]["test"][2] for name in set(OURS) - RUN_ONCE}
    script = (ROOT / "docker" / "healthcheck").read_text()
    known = set(re.findall(r'"(\w+)": \w+', script.split("PARTS =")[1].split("}")[0]))
    assert asked <= known


@pytest.mark.parametrize("name", sorted(OURS))
def test_the_office_is_given_only_variables_that_it_reads(name: str) -> None:
    assert given_to(OURS[name]) <= settings_read()
    assert given_to(OURS[name]) <= documented()


def test_every_documented_setting_is_passed_or_left_out_for_a_reason() -> None:
    passed = given_to(SERVICES["web"])
    assert documented() - passed - set(NOT_PASSED) == set()
    assert passed - documented() == set()
    assert set(NOT_PASSED) & passed == set(), "passed after all"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_a_service_names_is_there(name: str) -> None:
    service = SERVICES[name]
    assert "minio" not in service["image"]
    assert name in OURS or re.search(r":v?\d", service["image"]), "not pinned"
    for port in service.get("ports", []):
        assert name == "proxy" or port.startswith("127.0.0.1:"), "published beyond this machine"
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    for other, how in service.get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other], other
        else:
            assert SERVICES[other]["restart"] == "on-failure", other  # it ends
    for volume in service.get("volumes", []):
        source = filled_in(volume, {}).split(":")[0]
        beside = (ROOT / "docker" / source).is_file()
        assert source in COMPOSE["volumes"] or (source.startswith("./") and beside)
    assert service["mem_limit"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    paths = re.findall(r"/run/secrets/(\w+)", str(service))
    assert set(paths) <= set(service.get("secrets", []))


def test_elasticsearch_is_the_one_that_the_tests_run() -> None:
    assert SERVICES["elasticsearch"]["image"] == IMAGE


def test_every_secret_is_made_once(secrets: Path) -> None:
    named = {Path(row["file"]).name for row in COMPOSE["secrets"].values()}
    before = {path.name: path.read_bytes() for path in secrets.iterdir()}
    assert set(before) == named == set(COMPOSE["secrets"])
    assert len(before["secret_key"]) >= 40
    assert before["postgres_password"] in before["database_owner_url"]
    assert before["postgres_password"] not in before["database_url"]
    assert secrets.stat().st_mode & 0o077 == 0
    make_secrets(secrets)
    assert {path.name: path.read_bytes() for path in secrets.iterdir()} == before


def test_an_office_that_worked_as_the_owner_is_given_a_role_of_its_own(secrets: Path) -> None:
    owner = (secrets / "database_owner_url").read_text()
    for name in ("database_owner_url", "database_url"):
        (secrets / name).unlink()
    (secrets / "database_url").write_text(owner)
    make_secrets(secrets)
    assert (secrets / "database_owner_url").read_text() == owner
    assert "//sijill_office:" in (secrets / "database_url").read_text()


def test_the_owner_of_a_database_elsewhere_is_asked_for(secrets: Path) -> None:
    for name in ("database_owner_url", "database_url"):
        (secrets / name).unlink()
    (secrets / "database_url").write_text("postgres://mine:secret@elsewhere/sijill")
    make_secrets(secrets)
    assert (secrets / "database_url").read_text().startswith("postgres://mine:")
    assert (secrets / "database_owner_url").read_text() == ""


def test_addresses_that_an_older_release_drew_are_encrypted(secrets: Path) -> None:
    drawn = {name: (secrets / name).read_text() for name in WITHIN}
    plain = {
        "database_url": drawn["database_url"].partition("?")[0],
        "database_owner_url": drawn["database_owner_url"].partition("?")[0],
        "broker_url": drawn["broker_url"].partition("?")[0].replace("rediss:", "redis:"),
        "search_url": drawn["search_url"].replace("https:", "http:"),
        "vault_url": drawn["vault_url"],
        "vault_owner_url": drawn["vault_owner_url"],
    }
    for name, url in plain.items():
        (secrets / name).unlink()
        (secrets / name).write_text(url.replace(f"ca_certs={AUTHORITY}", "tls=no"))
    make_secrets(secrets)
    assert {name: (secrets / name).read_text() for name in WITHIN} == drawn
    (secrets / "broker_url").unlink()
    (secrets / "broker_url").write_text("redis://:mine@elsewhere:6379/0")
    make_secrets(secrets)
    assert (secrets / "broker_url").read_text() == "redis://:mine@elsewhere:6379/0"


def test_every_address_within_is_encrypted_and_looks_at_the_certificate(secrets: Path) -> None:
    for name in WITHIN:
        url = (secrets / name).read_text()
        assert f"={AUTHORITY}" in url, name
        assert "tls=no" not in url
        assert not url.startswith(("http:", "redis:"))
    assert "sslmode=verify-full" in (secrets / "database_url").read_text()
    assert OFFICE["CLAMD_URL"].startswith("unix:///run/clamav/")
    assert f"tls-office:{Path(AUTHORITY).parent}:ro" in SERVICES["web"]["volumes"]


def test_web_sees_the_folders_of_every_part_and_what_it_shows() -> None:
    """Its list stands by itself, since a list of YAML is not merged with another."""
    own = ["tls-web:/run/web-tls:ro"]
    assert SERVICES["web"]["volumes"] == [*COMPOSE["x-office"]["volumes"], *own]


def test_what_web_shows_is_of_its_own_volume_and_the_proxy_trusts_its_authority() -> None:
    shown = {OFFICE[name].partition(":-")[2].rstrip("}") for name in ("WEB_CERTIFICATE", "WEB_KEY")}
    assert shown == {"/run/web-tls/cert.pem", "/run/web-tls/key.pem"}
    others = {row for row in SERVICES["web"]["volumes"] if row != "tls-web:/run/web-tls:ro"}
    for name in set(OURS) - {"web", "signer", "certificates"}:
        assert set(SERVICES[name]["volumes"]) == others, name
        assert OFFICE.items() >= SERVICES[name]["environment"].items(), name
    assert "tls-office:/run/tls:ro" in SERVICES["proxy"]["volumes"]
    assert SERVICES["proxy"]["depends_on"] == {"certificates": SUCCESS}


def test_prometheus_asks_as_the_proxy_does() -> None:
    (job,) = yaml.safe_load((ROOT / "docker/monitoring/prometheus.yml").read_text())[
        "scrape_configs"
    ]
    assert job["scheme"] == "https"
    assert job["tls_config"] == {"ca_file": AUTHORITY, "server_name": "web"}


def test_a_service_sees_its_own_key_and_no_other() -> None:
    made = SERVICES["certificates"]["command"]
    served = {word.partition("=")[0] for word in made if "=" in word}
    assert served == set(CERTIFIED)
    inside = {row.split(":")[0]: row.split(":")[1] for row in SERVICES["certificates"]["volumes"]}
    named = {f"tls-{name}": f"/srv/tls/{name}" for name in (*served, "authority", "office")}
    assert inside == named
    assert SERVICES["certificates"]["network_mode"] == "none"
    for name, service in SERVICES.items():
        seen = {row.split(":")[0] for row in service.get("volumes", []) if row.startswith("tls-")}
        if name == "web":
            assert seen == {"tls-office", "tls-web"}
        elif name in served:
            assert seen == {f"tls-{name}"}
            assert service["depends_on"] == {"certificates": SUCCESS}
        elif name != "certificates":
            assert seen <= {"tls-office"}, name


def test_no_password_stands_in_a_command_line() -> None:
    """What a shell keeps, exports, prints or hands on by standard input is in no command line."""
    kept = r"(?:\bexport |\b[A-Z_]+=|\bsecret=|\bprintf (?:'[^']*' )+|\brequirepass )"
    for name, service in SERVICES.items():
        check = service.get("healthcheck", {}).get("test", [])
        said = [*service.get("command", []), *service.get("entrypoint", []), *check]
        words = " ".join(map(str, said))
        passwords = re.findall(r"\$\$\(cat /run/secrets/\w*password\)", words)
        quiet = re.findall(kept + r"\"?\$\$\(cat /run/secrets/\w*password\)", words)
        assert len(passwords) == len(quiet), name
        assert not re.search(r"(--(secret|password|requirepass)|-[pu]) +\"?\$\$", words), name


@pytest.mark.parametrize(
    ("secret", "knowing"),
    [
        ("database_owner_url", {"migrate", "restore"}),
        ("vault_owner_url", {"bucket"}),
        ("elastic_password", {"elasticsearch"}),
        ("objects_password", {"objects"}),
    ],
)
def test_only_those_who_prepare_a_service_know_its_owner(secret: str, knowing: set[str]) -> None:
    given = {n for n, service in SERVICES.items() if secret in service.get("secrets", [])}
    assert given == knowing
    assert {n for n, service in SERVICES.items() if f"/{secret}" in str(service)} == knowing


def test_an_office_that_worked_as_its_services_owner_is_given_accounts(secrets: Path) -> None:
    drawn = {n: (secrets / n).read_text() for n in ("search_url", "vault_url", "vault_owner_url")}
    elastic, root = ((secrets / f"{n}_password").read_text() for n in ("elastic", "objects"))
    older = {
        "search_url": f"http://elastic:{elastic}@elasticsearch:9200/?tls=no",
        "vault_url": f"s3://sijill:{root}@objects:7070/sijill?tls=no&lock_days=3650",
    }
    for name in drawn:
        (secrets / name).unlink()
    for name, url in older.items():
        (secrets / name).write_text(url)
    make_secrets(secrets)
    assert {name: (secrets / name).read_text() for name in drawn} == drawn
    for name in ("search_url", "vault_url"):
        assert "//sijill_office:" in drawn[name]
    (secrets / "search_url").unlink()
    kept = f"https://elastic:{elastic}@elasticsearch:9200/?index=mine"  # no role is for that one
    (secrets / "search_url").write_text(kept)
    make_secrets(secrets)
    assert (secrets / "search_url").read_text() == kept


def test_the_office_starts_once_its_mail_server_is_named(secrets: Path) -> None:
    assert [p.setting for p in problems(environment(secrets))] == ["EMAIL_URL", "ANCHOR_URL"]
    (secrets / "email_url").write_text("smtp://moi:secret@mail.example:587\n")
    (secrets / "anchor_url").write_text("s3://key:secret@elsewhere/anchors?lock_days=3650\n")
    assert problems(environment(secrets)) == []
    assert problems(environment(secrets, SIGNING_KEY_FILE="none")) == []


def test_folders_of_the_host_are_named_by_their_place_inside(secrets: Path) -> None:
    for name, inside in (
        ("WATCH_FOLDER", "/srv/watched"),
        ("BANK_FOLDER", "/srv/bank-files"),
        ("SIGNING_KEYS_DIR", "/srv/signing-keys"),
    ):
        assert filled_in(OFFICE[name], HOST | {name: "/on/the/host"}) == inside
        assert filled_in(OFFICE[name], HOST) == ""
        mounts = [filled_in(row, {name: "/on/the/host"}) for row in SERVICES["web"]["volumes"]]
        assert any(row.startswith(f"/on/the/host:{inside}") for row in mounts)


@pytest.mark.production
def test_the_object_store_of_the_composition_locks_what_it_keeps(
    secrets: Path, tmp_path: Path, settings: Any
) -> None:
    if not os.environ.get("TEST_S3_URL"):
        pytest.skip("no object store here (TEST_S3_URL)")
    renew(tmp_path, {"objects": os.geteuid()})
    get_vault.cache_clear()
    child, port = start_objects(secrets, tmp_path / "objects")
    try:
        servers = Servers(tmp_path, secrets, {"objects": port})
        vault = ObjectVault.from_url(servers.url("vault_owner_url"))
        assert [vault.make_bucket(), vault.make_bucket()] == [True, False]
        office = ObjectVault.from_url(servers.url("vault_url"))
        with pytest.raises(VaultError):
            office.has("0" * 64)
        (tmp_path / "url").write_text(servers.url("vault_url"))
        settings.VAULT_URL = servers.url("vault_owner_url")
        for _ in range(2):  # it is made, then known
            words = ("--make-account", "--grant", str(tmp_path / "url"))
            call_command("make_vault", *words, stdout=io.StringIO())
        kept = office.keep(receive(io.BytesIO(b"bonjour")))
        assert office.open(kept.sha256).read() == b"bonjour"
        with pytest.raises(VaultError, match="locked"):
            office.delete(kept.sha256)
        other = servers.url("vault_url").replace("sijill_office:", "sijill_office:another")
        (tmp_path / "url").write_text(other)
        call_command("make_vault", *words, stdout=io.StringIO())
        with pytest.raises(VaultError):
            office.has("0" * 64)  # its secret was changed
        office = ObjectVault.from_url(other)
        acts: tuple[Callable[[], object], ...] = (
            lambda: office.client.delete_bucket(Bucket="sijill"),
            lambda: office.client.create_bucket(Bucket="another"),
            lambda: office.client.delete_bucket_policy(Bucket="sijill"),
        )
        for forbidden in acts:
            with pytest.raises(ClientError, match="AccessDenied"):
                forbidden()
    finally:
        get_vault.cache_clear()
        child.stop()
