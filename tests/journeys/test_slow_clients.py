"""Clients that never finish: while they are held, the office answers; and it ends with them."""

import contextlib
import http.client
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benches._slow import (
    Attack,
    half_uploads,
    held,
    idle,
    pipelined,
    slow_headers,
    slow_readers,
)
from tests.journeys.office import (
    Api,
    Office,
    as_prepared,
    running_office,
    wait_until,
)

pytestmark = [
    pytest.mark.xdist_group("slow_clients"),
    pytest.mark.slow,
    pytest.mark.whole_office,
]
ANSWER_SECONDS = 30  # before, none ever came; shorter than any deadline that frees a thread
MB = 1024 * 1024


@contextlib.contextmanager
def _running(prepared: Office, folder: Path, **settings: str) -> Iterator[Office]:
    with running_office(folder, workers=False, begin=as_prepared(prepared), **settings) as running:
        yield running


@pytest.fixture(scope="module")
def office(prepared: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One whose deadlines are all longer than the wait for an answer."""
    patient = {f"WEB_{what}_SECONDS": "120" for what in ("HEADER", "IDLE", "STALL")}
    with _running(prepared, tmp_path_factory.mktemp("office"), **patient) as running:
        yield running


@pytest.fixture(scope="module")
def hasty(prepared: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One with short deadlines."""
    short = {f"WEB_{what}_SECONDS": "1" for what in ("HEADER", "IDLE", "STALL")}
    with _running(prepared, tmp_path_factory.mktemp("hasty"), **short) as running:
        yield running


@pytest.fixture(scope="module")
def token(office: Office) -> str:
    return Api(office, "amina").token


@pytest.fixture(scope="module")
def large(office: Office, token: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an original of 40 MB."""
    file = tmp_path_factory.mktemp("large") / "long.txt"
    file.write_bytes(b"A line of a long text.\n" * (40_000_000 // 23))
    letter = Api(office, "amina").deposit(file)
    return f"/api/v1/letters/{letter['id']}/documents/{letter['files'][0]['id']}/content"


def _port(office: Office) -> int:
    return int(urlsplit(office.url).port or 0)


def _answers(office: Office, path: str) -> int:
    link = http.client.HTTPConnection("127.0.0.1", _port(office), timeout=ANSWER_SECONDS)
    with contextlib.closing(link):
        link.request("GET", path)
        return link.getresponse().status


def _answers_under(office: Office, attack: Attack) -> None:
    with held(attack, _port(office)):
        assert _answers(office, "/healthz") == 200
        assert _answers(office, "/portal/") == 200


@pytest.mark.parametrize(
    "attack", [slow_headers(8), slow_headers(200), idle(200)], ids=lambda attack: attack.name
)
def test_the_office_answers_beside_who_says_nothing_whole(office: Office, attack: Attack) -> None:
    _answers_under(office, attack)


@pytest.mark.parametrize("drip", [b"", b"x"])
def test_the_office_answers_beside_half_uploads(office: Office, token: str, drip: bytes) -> None:
    _answers_under(office, half_uploads(8, path="/api/v1/letters", token=token, drip=drip))


@pytest.mark.parametrize("count", [8, 50])
def test_the_office_answers_beside_slow_readers(
    office: Office, token: str, large: str, count: int
) -> None:
    _answers_under(office, slow_readers(count, path=large, token=token))


@pytest.mark.parametrize("count", [8, 50])
def test_the_office_answers_beside_requests_sent_ahead(office: Office, count: int) -> None:
    _answers_under(office, pipelined(count, requests=100, eager=True))


def _opened(office: Office, text: str) -> socket.socket:
    link = socket.create_connection(("127.0.0.1", _port(office)), timeout=60)
    link.sendall(text.encode())
    return link


def _head(path: str, size: int, token: str = "", *more: str) -> str:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: multipart/form-data; boundary=x",
        f"Content-Length: {size}",
        *([f"Authorization: Token {token}"] if token else []),
        *more,
    ]
    return "\r\n".join(lines) + "\r\n\r\n"


def _answer(link: socket.socket) -> http.client.HTTPResponse:
    answer = http.client.HTTPResponse(link)
    answer.begin()
    return answer


def _ends(link: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    with link:
        return b"".join(iter(lambda: link.recv(65536), b""))


def test_headers_that_do_not_end_are_closed(hasty: Office) -> None:
    assert _ends(_opened(hasty, "GET /portal/ HTTP/1.1\r\nHost: 127")).startswith(b"HTTP/1.0 408 ")


def test_a_connection_on_which_nothing_is_said_is_closed(hasty: Office) -> None:
    assert _ends(_opened(hasty, "")) == b""
    answered = _ends(_opened(hasty, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
    assert answered.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("size", [1000, 10 * MB])
def test_a_body_that_does_not_come_is_closed(hasty: Office, size: int) -> None:
    token = Api(hasty, "amina").token
    ended = _ends(_opened(hasty, _head("/api/v1/letters", size, token) + "half"))
    assert ended.startswith(b"HTTP/1.1 408 ")


def test_a_wrong_token_is_refused_before_the_body(office: Office) -> None:
    with _opened(office, _head("/api/v1/letters", 40 * MB, "wrong")) as link:
        answer = _answer(link)
        assert answer.status == 401
        assert b"not_authenticated" in answer.read()


@pytest.mark.parametrize("path", ["/api/v1/letters", "/portal/deposit/"])
def test_what_is_too_large_is_told_before_it_is_sent(office: Office, token: str, path: str) -> None:
    with _opened(office, _head(path, 10_000 * MB, token)) as link:
        answer = _answer(link)
        assert answer.status == 413
        assert answer.read()


def test_a_refused_client_that_goes_on_sending_reads_why(office: Office) -> None:
    with _opened(office, _head("/api/v1/letters", 40 * MB, "wrong")) as link:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            link.sendall(b"x" * 3 * MB)
        assert _answer(link).status == 401


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Content-Length: 4", "Content-Length: 5"),
        ("Content-Length: +4",),
        ("Transfer-Encoding: chunked, gzip",),
    ],
)
def test_a_length_that_is_not_clear_is_refused(office: Office, lines: tuple[str, ...]) -> None:
    head = "\r\n".join(("POST /login/ HTTP/1.1", "Host: 127.0.0.1", *lines))
    inner = "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    answered = _ends(_opened(office, f"{head}\r\n\r\n{inner}"))
    assert answered.count(b"HTTP/1.1 ") == 1
    assert answered.split(b" ")[1] in (b"400", b"501")


def test_head_is_answered_without_a_body_and_the_connection_kept(office: Office) -> None:
    link = http.client.HTTPConnection("127.0.0.1", _port(office), timeout=60)
    with contextlib.closing(link):
        for method in ("HEAD", "GET", "HEAD", "GET"):
            link.request(method, "/portal/")
            kept = link.sock
            answer = link.getresponse()
            assert answer.status == 200
            assert bool(answer.read()) == (method == "GET")
            assert link.sock is kept


def test_a_stopping_office_takes_in_what_is_under_way(prepared: Office, tmp_path: Path) -> None:
    with _running(prepared, tmp_path) as office:
        token = Api(office, "amina").token
        part = '--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        body = f"{part}{'A letter. ' * 20_000}\r\n--x--\r\n"
        head = _head("/api/v1/letters", len(body), token, "Expect: 100-continue")
        with _opened(office, head) as link:
            assert link.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
            link.sendall(body[:100].encode())
            office.processes[0].send_signal(signal.SIGTERM)
            wait_until(lambda: not _listens(office), seconds=30)
            link.sendall(body[100:].encode())
            assert _answer(link).status == 201
        assert office.processes[0].wait(60) == 0


def _listens(office: Office) -> bool:
    try:
        socket.create_connection(("127.0.0.1", _port(office)), timeout=5).close()
    except OSError:
        return False
    return True
