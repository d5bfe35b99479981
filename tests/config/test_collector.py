"""Security events at a collector on another machine: what comes there, and what if it is away."""

import json
import logging
import os
import re
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from config.collector import MOST, PAUSE, Collector, read
from config.logs import Line
from tests.registry.papers import make_key
from tests.web.signin.test_log_in import log_in

ROOT = Path(__file__).resolve().parents[2]


class _Server(socketserver.ThreadingTCPServer):
    """Keeps each message that comes, by the length in front of it; over TLS with a context."""

    allow_reuse_address, daemon_threads = True, True
    context: ssl.SSLContext | None = None

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Connection)
        self.messages: list[str] = []
        self.came = threading.Condition()
        self.connections = 0


class _Connection(socketserver.StreamRequestHandler):
    server: _Server

    def setup(self) -> None:
        if self.server.context:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.server.connections += 1
        super().setup()

    def handle(self) -> None:
        while size := _number(self.rfile):
            message = self.rfile.read(size).decode()
            with self.server.came:
                self.server.messages.append(message)
                self.server.came.notify_all()
            if "hang up" in message:
                return


def _number(stream: Any) -> int:
    digits = b""
    while (one := stream.read(1)) and one != b" ":
        digits += one
    return int(digits or 0)


@contextmanager
def collecting(context: ssl.SSLContext | None = None) -> Iterator[_Server]:
    with _Server(0) as server:
        server.context = context
        server.handle_error = lambda *_args: None  # type: ignore[method-assign]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def come(server: _Server, count: int) -> list[str]:
    with server.came:
        assert server.came.wait_for(lambda: len(server.messages) >= count, timeout=60)
    return server.messages


def port_of(server: _Server) -> int:
    return int(server.server_address[1])


@contextmanager
def attached(address: str) -> Iterator[Collector]:
    """The collector at the loggers to which the settings give it."""
    handler = Collector(address)
    handler.setFormatter(Line())
    loggers = [logging.getLogger(name) for name in ("security", "django.security")]
    for one in loggers:
        one.addHandler(handler)
    try:
        yield handler
    finally:
        for one in loggers:
            one.removeHandler(handler)
        handler.close()


def say(words: str) -> None:
    logging.getLogger("security").info(words)


def test_each_line_is_a_message_of_syslog() -> None:
    with collecting() as server, attached(f"tcp://127.0.0.1:{port_of(server)}"):
        say("signed_in person=7\nforged")
        say("signed_out person=7")
        first, second = come(server, 2)
    form = r"<86>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ sijill \d+ security - .*signed_\w+ person=7.*"
    assert re.fullmatch(form, first), first
    assert re.fullmatch(form, second), second
    assert server.connections == 1


def test_a_collector_that_hangs_up_is_called_again() -> None:
    with collecting() as server, attached(f"tcp://127.0.0.1:{port_of(server)}") as handler:
        say("hang up")
        come(server, 1)
        assert handler.socket is not None
        assert handler.socket.recv(1) == b""  # it did
        until = time.monotonic() + 60
        while len(server.messages) < 2:  # what is sent into a closed connection is noticed later
            assert time.monotonic() < until
            say("after it")
            time.sleep(0.01)
    assert "after it" in server.messages[1]
    assert server.connections == 2


def test_one_that_is_away_costs_no_request_and_is_told_once(caplog: Any) -> None:
    with attached("tcp://127.0.0.1:9") as handler:
        for _time in range(3):
            say("signed_in person=7")
        assert [r.message for r in caplog.records if r.name == "config.collector"] == [
            "SECURITY_LOG: not taken (ConnectionRefusedError); lines stay here"
        ]
        assert time.monotonic() < handler.quiet_until <= time.monotonic() + PAUSE
        with collecting() as server:
            handler.parts = read(f"tcp://127.0.0.1:{port_of(server)}")
            handler.quiet_until = 0.0  # the pause is over
            say("signed_in person=8")
            assert "person=8" in come(server, 1)[0]


def test_over_tls_the_certificate_is_looked_at(tmp_path: Path, caplog: Any) -> None:
    authority, context = certificate(tmp_path)
    with collecting(context) as server:
        here = f"tls://localhost:{port_of(server)}"
        with attached(here):
            say("told to a stranger")
        with attached(f"{here}?ca_certs={authority}"):
            say("told to the collector")
            (only,) = come(server, 1)
    assert "told to the collector" in only
    assert "SSLCertVerificationError" in caplog.text


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for localhost that signs itself, and a server's context with it."""
    make_key(folder / "key.p12", password=b"x", name="localhost", host="localhost")
    key, found, _chain = pkcs12.load_key_and_certificates((folder / "key.p12").read_bytes(), b"x")
    assert key is not None
    assert found is not None
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem = folder / "server.pem"
    pem.write_bytes(found.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return pem, context


@pytest.mark.parametrize("way", ["udp", "unix"])
def test_datagrams_hold_one_message_each(tmp_path: Path, way: str) -> None:
    family = socket.AF_INET if way == "udp" else socket.AF_UNIX
    with socket.socket(family, socket.SOCK_DGRAM) as taking:
        taking.settimeout(60)
        taking.bind(("127.0.0.1", 0) if way == "udp" else str(tmp_path / "log"))
        address = f"unix://{tmp_path}/log"
        if way == "udp":
            address = f"udp://127.0.0.1:{taking.getsockname()[1]}"
        with attached(address):
            say("signed_in person=7")
        assert taking.recv(4096).startswith(b"<86>1 ")


def test_one_that_takes_nothing_more_holds_nobody_up(tmp_path: Path, caplog: Any) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asleep:
        asleep.bind(str(tmp_path / "log"))
        with attached(f"unix://{tmp_path}/log") as handler:
            while handler.quiet_until == 0.0:  # until its queue is full
                say("signed_in person=7")
    assert "SECURITY_LOG: not taken (TimeoutError)" in caplog.text


def test_long_lines_and_letters_that_are_none_stop_nothing(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as taking:
        taking.settimeout(60)
        taking.bind(str(tmp_path / "log"))
        with attached(f"unix://{tmp_path}/log") as handler:
            say("\udcff" + "é" * 500_000)
            long = taking.recv(100_000)
            assert b"\\udcff" in long
            assert MOST - 2 < len(long) <= MOST
            long.decode()
            handler.handle(logging.makeLogRecord({"msg": "%d", "args": ("no number",)}))
            say("signed_in person=8")
            assert b"person=8" in taking.recv(4096)


@pytest.mark.parametrize("bad", ["pigeon://x", "tcp://", "tls://host:0", "unix://", "host:514"])
def test_an_address_that_is_none_is_refused(bad: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECURITY_LOG"):
        read(bad)


def test_the_setting_alone_is_enough(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); "
        "from org.security_log import write_event; write_event('braked', a=1)"
    )
    with collecting() as server:
        given = {
            "SECURITY_LOG": f"tcp://127.0.0.1:{port_of(server)}",
            "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "ERROR", "LOG_FORMAT": "json", "PATH": os.environ["PATH"],
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        (told,) = come(server, 1)
    assert json.loads(told.partition(" - ")[2])["message"] == "braked a=1"


@pytest.mark.django_db
def test_what_happens_at_the_door_is_told_there(badr: Any) -> None:
    with collecting() as server, attached(f"tcp://127.0.0.1:{port_of(server)}"):
        log_in("badr", "faux")
        log_in("badr")
        Client(enforce_csrf_checks=True).post("/login/", {"username": "badr"})
        Client().get("/login/", headers={"Host": "evil.example"})
        told = "\n".join(come(server, 4))
    assert f"sign_in_failed subject={badr.pk} address=127.0.0.1" in told
    assert f"signed_in person={badr.pk} address=127.0.0.1 way=here" in told
    assert "django.security.csrf - " in told
    assert "django.security.DisallowedHost - " in told
    assert "badr" not in told
