"""The composition's Elasticsearch: encrypted, and open to the office for its own index alone."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from elasticsearch import AuthorizationException, Elasticsearch

from config.certificates import renew
from search.backends.elasticsearch.client import connect
from search.backends.elasticsearch.engine import ElasticsearchEngine
from search.contract import EngineUnavailable
from tests.docker.composed import ROOT, SERVICES, make_secrets
from tests.docker.servers import Servers
from tests.plugins.wanting import wanting
from tests.search.letters import found, letter
from tests.services.elasticsearch_server import JAVA, server_zip, temporary, unpack
from tests.services.java import java_home
from tests.services.process import (
    Child,
    ServiceMissingError,
    free_port,
    give_to_service,
    make_folder,
    start,
)

pytestmark = [pytest.mark.production, pytest.mark.slow]
SERVICE = SERVICES["elasticsearch"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """It runs by the composition's own settings, script, roles and certificates."""
    if not os.environ.get("TEST_ELASTICSEARCH_URL"):
        wanting("no TEST_ELASTICSEARCH_URL")
    tmp_path = tmp_path_factory.mktemp("search")
    make_secrets(tmp_path / "secrets")
    renew(tmp_path / "tls", {"elasticsearch": os.geteuid()})
    servers = Servers(tmp_path / "tls", tmp_path / "secrets", {"elasticsearch": free_port()})
    try:
        child = _start(servers)
        child.wait_until(lambda: _knows_the_office(servers), seconds=300)
    except ServiceMissingError as error:
        wanting(str(error))
    yield servers
    child.stop()


def _start(servers: Servers) -> Child:
    java = java_home()
    if not java:
        raise ServiceMissingError("no Java for Elasticsearch")
    folder = make_folder("composed-elasticsearch")
    home = unpack(server_zip(), folder)
    shutil.copytree(servers.tls / "elasticsearch", home / "config" / "tls")
    shutil.copy(ROOT / "docker" / "elasticsearch-roles.yml", home / "config" / "roles.yml")
    here = {
        "network.host": "127.0.0.1",
        "http.port": servers.ports["elasticsearch"],
        "transport.port": free_port(),
        "path.data": folder / "data",
        "path.logs": folder / "logs",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    given = {n: text for n, text in SERVICE["environment"].items() if "." in n} | here
    lines = (f"{name}: {text}\n" for name, text in given.items())
    (home / "config" / "elasticsearch.yml").write_text("".join(lines))
    for name in SERVICE["secrets"]:
        shutil.copy(servers.secrets / name, folder / name)
    environment = {"ES_JAVA_HOME": str(java), "ES_JAVA_OPTS": JAVA}
    environment["ES_TMPDIR"] = str(temporary(folder))
    give_to_service(folder)
    shell, option, script = SERVICE["entrypoint"]
    ends = "exec /bin/tini -- /usr/local/bin/docker-entrypoint.sh eswrapper"
    assert script.endswith(ends)
    script = script.removesuffix(ends).replace("$$", "$").replace("/run/secrets", str(folder))
    command = [shell, option, f"cd {home}; {script} exec bin/elasticsearch"]
    return start("Elasticsearch", command, folder=folder, environment=environment)


def _knows_the_office(servers: Servers) -> bool:
    try:
        connect(servers.url("search_url")).client.security.authenticate()
    except Exception:  # it is not there yet, in one of many ways
        return False
    return True


def test_the_office_has_its_index_and_nothing_else(server: Servers) -> None:
    engine = ElasticsearchEngine(f"{server.url('search_url')}&timeout=60")
    engine.put([letter(1, text="une fuite devant le compteur")])
    assert found(engine, "compteur") == [1]
    with engine.rebuild() as fresh:
        fresh.put([letter(2, text="un autre compteur")])
    assert found(engine, "compteur") == [2]
    office: Elasticsearch = connect(server.url("search_url")).client
    office.indices.create(index="sijill-letters-meaning-first")
    moment = office.open_point_in_time(index="sijill-letters", keep_alive="1m")["id"]
    assert office.close_point_in_time(id=moment)["succeeded"]
    acts: tuple[Callable[[], object], ...] = (
        lambda: office.indices.create(index="another"),
        lambda: office.search(index="another"),
        lambda: office.cluster.put_settings(persistent={"cluster.name": "x"}),
        lambda: office.security.get_user(),
    )
    for forbidden in acts:
        with pytest.raises(AuthorizationException):
            forbidden()


def test_one_with_a_certificate_of_another_authority_is_refused(
    server: Servers, tmp_path: Path
) -> None:
    renew(tmp_path, {"elasticsearch": os.geteuid()})
    other = tmp_path / "office" / "ca.pem"
    with pytest.raises(EngineUnavailable, match="TlsError"):
        ElasticsearchEngine(server.url("search_url", authority=other)).put([letter(3)])
