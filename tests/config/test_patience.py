"""Who stops in the middle is let go, though the kernel has nothing to tell of it."""

import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.certificates import renew
from config.served_certificate import ServedCertificate
from tests.config.webserver import LARGE, Start, bodies, get, servers, until


@pytest.fixture
def start() -> Iterator[Start]:
    with servers() as started:
        yield started


def test_who_does_not_read_its_answer_is_let_go_and_nobody_else(start: Start) -> None:
    server = start(stall=1)
    with server.send(get("/large")) as link:
        until(lambda: server.site.served == ["/large"] and not server.listener.connections())
        with link.makefile("rb") as stream:
            assert len(stream.read()) < LARGE
    assert server.ask("/other") == b"/other"


def test_by_tls_such_an_answer_is_seen_to_be_cut_off(start: Start, tmp_path: Path) -> None:
    renew(tmp_path, {"web": os.geteuid()})
    certificate = ServedCertificate(tmp_path / "web" / "cert.pem", tmp_path / "web" / "key.pem")
    trusted = ssl.create_default_context(cafile=str(tmp_path / "office" / "ca.pem"))
    server = start(stall=1, certificate=certificate)
    with server.secure(trusted, get("/large")) as link:
        until(lambda: server.site.served == ["/large"] and not server.listener.connections())
        with pytest.raises(OSError, match=r"(?i)eof|reset"):
            list(iter(lambda: link.recv(65_536), b""))
    with server.secure(trusted, get("/other")) as other:
        assert bodies(other, 1) == [b"/other"]
