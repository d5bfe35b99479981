"""The web server speaks TLS itself: nobody who is slow at it is in another one's way."""

import contextlib
import os
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from config.certificates import renew
from config.served_certificate import ServedCertificate
from tests.config.webserver import LARGE, Server, Start, bodies, get, servers, until

OWN = {"web": os.geteuid()}


@pytest.fixture
def start() -> Iterator[Start]:
    with servers() as started:
        yield started


@pytest.fixture
def tls(tmp_path: Path) -> Path:
    renew(tmp_path, OWN)
    return tmp_path


def certificate(tls: Path) -> ServedCertificate:
    return ServedCertificate(tls / "web" / "cert.pem", tls / "web" / "key.pem")


def trusting(tls: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(tls / "office" / "ca.pem"))


def serial(server: Server, trusted: ssl.SSLContext) -> int:
    with server.secure(trusted, b"") as link:
        seen = link.getpeercert(binary_form=True)
    assert seen
    return x509.load_der_x509_certificate(seen).serial_number


def test_requests_are_answered_in_their_order_on_one_connection(start: Start, tls: Path) -> None:
    server = start(certificate=certificate(tls))
    names = [f"/{number}" for number in range(40)]
    with server.secure(trusting(tls), b"".join(map(get, names))) as link:
        assert link.version() == "TLSv1.3"
        assert bodies(link, 40) == [name.encode() for name in names]
        link.sendall(get("/later"))
        assert bodies(link, 1) == [b"/later"]
    assert server.site.served == [*names, "/later"]


def test_large_bodies_come_and_go_whole(start: Start, tls: Path) -> None:
    server = start(certificate=certificate(tls))
    body = bytes(range(256)) * 200
    head = f"POST /sent HTTP/1.1\r\nHost: web\r\nContent-Length: {len(body)}\r\n\r\n"
    with server.secure(trusting(tls), head.encode() + body) as link:
        assert bodies(link, 1) == [b"/sent" + body]
        link.sendall(get("/large"))
        assert bodies(link, 1) == [b"x" * LARGE]


def test_an_answer_that_ends_the_connection_says_so(start: Start, tls: Path) -> None:
    """An end without TLS's own word is what somebody on the way can make of any answer."""
    server = start(certificate=certificate(tls))
    with server.secure(trusting(tls), get("/last", "Connection: close")) as link:
        ended = b"".join(iter(lambda: link.recv(65_536), b""))
    assert ended.endswith(b"/last")


def test_it_may_come_byte_by_byte(start: Start, tls: Path) -> None:
    server = start(certificate=certificate(tls))
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    talk = trusting(tls).wrap_bio(into, out, server_hostname="web")
    with server.send(b"") as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def go_on() -> None:
            for byte in out.read():
                link.sendall(bytes([byte]))
            into.write(link.recv(65_536))

        while not _shakes_hands(talk):
            go_on()
        talk.write(get("/drop"))
        came = b""
        while not came.endswith(b"/drop"):
            if read := _read(talk):
                came += read
            else:
                go_on()
    assert server.site.served == ["/drop"]


def _shakes_hands(talk: ssl.SSLObject) -> bool:
    try:
        talk.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def _read(talk: ssl.SSLObject) -> bytes:
    try:
        return talk.read(65_536)
    except ssl.SSLWantReadError:
        return b""


def test_who_never_ends_its_handshake_holds_no_thread_and_is_let_go(
    start: Start, tls: Path
) -> None:
    server = start(certificate=certificate(tls), threads=1, idle=1)
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"  # the first bytes of a ClientHello
    links = [server.send(hello) for _ in range(50)]
    with server.secure(trusting(tls), get("/page")) as other:
        assert bodies(other, 1) == [b"/page"]
    for link in links:
        with link:
            assert link.recv(1) == b""


def test_a_request_without_tls_is_not_answered_and_told(
    start: Start, tls: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = start(certificate=certificate(tls))
    with server.send(get("/plain")) as link, contextlib.suppress(ConnectionResetError):
        while came := link.recv(65_536):
            assert b"HTTP" not in came
    until(lambda: "without TLS" in caplog.text)
    assert server.site.served == []


def test_noise_ends_its_own_connection_alone(start: Start, tls: Path) -> None:
    server = start(certificate=certificate(tls))
    with server.secure(trusting(tls), get("/first")) as link:
        assert bodies(link, 1) == [b"/first"]
        socket.socket.sendall(link, b"\x17\x03\x03\x00\x20" + b"?" * 32)  # past the encryption
        with pytest.raises(OSError, match=r"(?i)alert|reset|eof"):
            list(iter(lambda: link.recv(65_536), b""))
    with server.secure(trusting(tls), get("/other")) as other:
        assert bodies(other, 1) == [b"/other"]


def test_a_renewed_certificate_is_shown_without_a_restart(start: Start, tls: Path) -> None:
    server = start(certificate=certificate(tls))
    trusted = trusting(tls)
    before = serial(server, trusted)
    old = (tls / "web" / "key.pem").read_bytes()
    (tls / "web" / "cert.pem").unlink()
    renew(tls, OWN)
    fresh = (tls / "web" / "key.pem").read_bytes()
    until(lambda: serial(server, trusted) != before)
    renewed = serial(server, trusted)
    (tls / "web" / "key.pem").write_bytes(old)  # half written: it does not fit
    server.listener.maintenance(0)
    assert serial(server, trusted) == renewed
    (tls / "web" / "key.pem").write_bytes(fresh)
    server.listener.maintenance(0)
    assert serial(server, trusted) == renewed
