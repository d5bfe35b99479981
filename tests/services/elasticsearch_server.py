"""A real Elasticsearch 9: the ordinary node that its makers publish for integration tests.

It lacks some modules of the full server (GET /, _reindex, scripts, analysis-common): what
works here works on the full server; nothing may be written that only this one accepts.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.request
import zipfile
from pathlib import Path

from tests.services.java import LEAST_VERSION, java_home
from tests.services.process import (
    Child,
    ServiceMissingError,
    free_port,
    give_to_service,
    make_folder,
    start,
)

VERSION = "9.2.0"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
SHA256 = "bf44938a0490ba2a303d39c9cb64b38963dd08c812ce93e10816e878585bcb6b"
IMAGE = f"elasticsearch:{VERSION}"
# It lives for minutes: what is compiled twice over pays in hours.
# Where it is measured for an hour, TEST_ELASTICSEARCH_JAVA gives it what a server has.
JAVA = os.environ.get("TEST_ELASTICSEARCH_JAVA", "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1")
SETTINGS = """\
cluster.name: sijill
discovery.type: single-node
network.host: 127.0.0.1
http.port: {port}
transport.port: {transport}
path.data: {folder}/data
path.logs: {folder}/logs
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
"""


def start_elasticsearch() -> tuple[Child, dict[str, str]]:
    """Start a node; return it with TEST_ELASTICSEARCH_URL. Raise `ServiceMissingError`."""
    port = free_port()
    java = java_home()
    problem = f"no Java of {LEAST_VERSION} or later (Debian's package: openjdk-21-jre-headless)"
    child = None
    if java:
        try:
            child = _start_node(java, server_zip(), port)
        except ServiceMissingError as error:
            problem = str(error)
    child = child or _start_container(port, problem)
    url = f"http://127.0.0.1:{port}"
    child.wait_until(lambda: _is_healthy(url), seconds=180)
    return child, {"TEST_ELASTICSEARCH_URL": url}


def cache_folder() -> Path:
    """Return where downloads are kept between runs, outside the checkout."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "sijill" / "elasticsearch"


def server_zip() -> Path:
    """Return the server's archive: from the cache, else by Maven; check its hash each time."""
    kept = cache_folder() / f"elasticsearch-{VERSION}.zip"
    if kept.exists() and _sha256(kept) == SHA256:
        return kept
    kept.unlink(missing_ok=True)
    if not shutil.which("mvn"):
        raise ServiceMissingError("no mvn to fetch the server with (Debian's package: maven)")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
        fetched = _fetch(Path(scratch))
        if _sha256(fetched) != SHA256:
            raise ServiceMissingError(f"what Maven served as {ARTIFACT} has a foreign hash")
        fetched.replace(kept)
    return kept


def _fetch(scratch: Path) -> Path:
    """Have Maven download the archive into a repository that is thrown away."""
    repository = scratch / "repository"
    command = ["mvn", "-q", "-B", f"-Dmaven.repo.local={repository}", "dependency:get"]
    done = subprocess.run(
        [*command, "-Dtransitive=false", f"-Dartifact={ARTIFACT}"],
        cwd=scratch,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    found = list(repository.rglob(f"elasticsearch-{VERSION}.zip"))
    if done.returncode or not found:
        raise ServiceMissingError(f"Maven could not fetch {ARTIFACT}: {done.stdout.strip()[-400:]}")
    return found[0]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _start_node(java: Path, archive: Path, port: int) -> Child:
    folder = make_folder("elasticsearch")
    home = unpack(archive, folder)
    settings = SETTINGS.format(port=port, transport=free_port(), folder=folder)
    (home / "config" / "elasticsearch.yml").write_text(settings)
    give_to_service(folder)
    scratch = temporary(folder)
    return start(
        "Elasticsearch",
        [str(home / "bin" / "elasticsearch")],
        folder=folder,
        environment={
            "ES_JAVA_HOME": str(java),
            "ES_JAVA_OPTS": JAVA,
            "ES_TMPDIR": str(scratch),
            # A Java of its own starts the server, and leaves its log behind.
            "CLI_JAVA_OPTS": f"-XX:TieredStopAtLevel=1 -Djava.io.tmpdir={scratch}",
        },
    )


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack the server there; return its home."""
    with zipfile.ZipFile(archive) as content:
        content.extractall(folder)
    home = folder / f"elasticsearch-{VERSION}"
    for script in (home / "bin").iterdir():
        script.chmod(0o755)
    return home


def temporary(folder: Path) -> Path:
    """Return scratch space inside the node's folder, so that a killed run is swept with it."""
    scratch = folder / "tmp"
    scratch.mkdir()
    give_to_service(scratch)
    return scratch


def _start_container(port: int, problem: str) -> Child:
    """Start the official image in a container. `problem`: why no node could start."""
    engine = next((name for name in ("docker", "podman") if _engine_answers(name)), None)
    if engine is None:
        raise ServiceMissingError(f"Elasticsearch: {problem}; and no container engine answers")
    folder = make_folder("elasticsearch")
    command = [engine, "run", "--rm", "--name", folder.name, "-p", f"127.0.0.1:{port}:9200"]
    for setting in ("discovery.type=single-node", "xpack.security.enabled=false"):
        command += ["-e", setting]
    process = subprocess.Popen([*command, "-e", f"ES_JAVA_OPTS={JAVA}", IMAGE])
    return Child("Elasticsearch", process, folder, signal.SIGTERM)


def _engine_answers(name: str) -> bool:
    if not shutil.which(name):
        return False
    return subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_cluster/health?timeout=1s", timeout=3) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
