"""The composition for a server, read as data: nothing unhealthy, unpinned, unknown or unlocked."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.services.elasticsearch_server import IMAGE

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OFFICE = {name: service for name, service in SERVICES.items() if "build" in service}
RUN_ONCE = {
    dependency
    for service in SERVICES.values()
    for dependency, condition in service.get("depends_on", {}).items()
    if condition["condition"] == "service_completed_successfully"
}


def settings_read() -> set[str]:
    """The variables that the settings read, by the one reader of the environment."""
    sources = "".join(file.read_text() for file in (ROOT / "config").glob("*.py"))
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', sources))


def test_the_parts_of_an_office_are_all_there() -> None:
    assert {"web", "worker-fast", "worker-slow", "beat"} <= set(OFFICE)
    assert {"postgres", "redis", "elasticsearch", "clamav", "objects"} <= set(SERVICES)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - RUN_ONCE))
def test_every_lasting_service_has_a_health_check_and_comes_back(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(OFFICE))
def test_the_office_is_given_only_variables_that_it_reads(name: str) -> None:
    given = {
        variable if variable == "SIGNING_KEY_FILE" else variable.removesuffix("_FILE")
        for variable in OFFICE[name]["environment"]
    }
    assert given <= settings_read()
    documented = (ROOT / "docs" / "settings.md").read_text()
    assert {variable for variable in given if variable not in documented} == set()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_dependencies_secrets_and_volumes_are_declared(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    for file in re.findall(r"/run/secrets/(\w+)", yaml.safe_dump(service)):
        assert file in service["secrets"]


def test_images_are_pinned_and_elasticsearch_is_the_one_the_tests_run() -> None:
    for name in set(SERVICES) - set(OFFICE):
        assert re.search(r":v?\d", SERVICES[name]["image"]), name
    assert SERVICES["elasticsearch"]["image"] == IMAGE


def test_no_service_is_published_beyond_this_machine() -> None:
    for service in SERVICES.values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")


def draw_secrets(folder: Path) -> dict[str, bytes]:
    subprocess.run([ROOT / "docker" / "make-secrets", folder], check=True, capture_output=True)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_every_secret_is_drawn_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    first, again = (draw_secrets(folder) for _ in range(2))
    assert first == again
    assert set(first) == set(COMPOSE["secrets"])
    assert len(first["secret_key"]) >= 40
    assert first["postgres_password"] in first["database_url"]
    assert folder.stat().st_mode & 0o077 == 0


def test_every_health_check_of_the_image_is_one_that_it_knows() -> None:
    asked = {
        service["healthcheck"]["test"][2]
        for name, service in OFFICE.items()
        if name not in RUN_ONCE
    }
    script = (ROOT / "docker" / "healthcheck").read_text()
    known = set(re.findall(r'"(\w+)": \w+', script.split("PARTS =")[1].split("}")[0]))
    assert asked <= known
