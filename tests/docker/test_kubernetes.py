"""The manifest for Kubernetes: valid by its schemas, and the same office as the composition's."""

import re
from typing import Any

import pytest
import yaml

from tests.docker.composed import OURS, ROOT, SERVICES
from tests.every import each

FILE = ROOT / "docker" / "kubernetes" / "sijill.yaml"
DOCUMENTS: list[dict[str, Any]] = list(yaml.safe_load_all(FILE.read_text("utf-8")))
PODS = [d["spec"]["template"]["spec"] for d in DOCUMENTS if d["kind"] == "Deployment"]
CONTAINERS = {
    c["name"]: c for pod in PODS for c in pod.get("initContainers", []) + pod["containers"]
}
SETTINGS: dict[str, str] = next(d["data"] for d in DOCUMENTS if d["kind"] == "ConfigMap")


def test_each_object_is_valid() -> None:
    # Its grammars of addresses cost whoever imports it a second.
    from kubernetes_validate import validate

    def attempt(document: dict[str, Any]) -> None:
        validate(document, "1.31", strict=True)

    def named(document: dict[str, Any]) -> str:
        return f"{document['kind']} {document['metadata']['name']}"

    each(DOCUMENTS, attempt, named=named)


def test_each_part_of_the_composition_runs_by_the_same_command() -> None:
    """A backup is asked for by a job of the cluster's own, and certificates come with the services
    that run elsewhere; docs/operations.md says how.
    """
    assert set(OURS) - set(CONTAINERS) == {"backup", "restore", "certificates"}
    for name, container in CONTAINERS.items():
        if name not in {"migrate", "own", "bucket"}:
            assert container["command"] == OURS[name]["command"], name
    # Accounts of a store elsewhere are for those who run it.
    assert " ".join(CONTAINERS["bucket"]["command"]) in OURS["bucket"]["command"][-1]
    words = CONTAINERS["migrate"]["command"][-1]
    assert (
        words.replace("/sijill/", "/").replace("/owner/", "/") == SERVICES["migrate"]["command"][-1]
    )


def test_each_probe_is_the_health_check_of_the_composition() -> None:
    for name, container in CONTAINERS.items():
        if probe := container.get("livenessProbe"):
            assert probe["exec"]["command"] == OURS[name]["healthcheck"]["test"][1:]


def test_the_office_is_given_what_the_composition_cannot_do_without() -> None:
    office = SERVICES["web"]["environment"]
    assert set(SETTINGS) <= set(office)
    fixed = {name for name, text in office.items() if not re.search(r"\$\{\w+:[-+]", str(text))}
    assert fixed - set(SETTINGS) == set()
    read = {name: path for name, path in SETTINGS.items() if name.endswith("_FILE")}
    for name, path in read.items():
        inside = re.sub(r"\$\{\w+:-(.*)\}", r"\1", office[name])
        assert path.replace("/sijill/", "/") == inside


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_each_container_is_confined_and_bounded(name: str) -> None:
    container = CONTAINERS[name]
    confined = container["securityContext"]
    assert confined["allowPrivilegeEscalation"] is False
    assert confined["readOnlyRootFilesystem"] is True
    assert confined["capabilities"]["drop"] == ["ALL"]
    assert confined["capabilities"].get("add", []) == (["CHOWN", "FOWNER"] if name == "own" else [])
    assert name in {"own", "bucket", "migrate"} or container["resources"]["limits"]["memory"]
    owners = [m for m in container["volumeMounts"] if m["name"] == "owner"]
    assert bool(owners) == (name == "migrate")
    if name == "signer":
        assert confined["runAsUser"] == 10002
        assert {m["name"] for m in container["volumeMounts"]} == {"signer", "socket", "tmp"}


def test_no_group_is_let_into_the_signers_volume() -> None:
    assert all("fsGroup" not in pod["securityContext"] for pod in PODS)
