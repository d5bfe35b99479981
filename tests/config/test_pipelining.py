"""Requests sent before the answer to the last one: all answered in order, others come first."""

from collections.abc import Iterator

import pytest

from config.incoming import Incoming
from tests.config.webserver import LARGE, NEVER, Start, bodies, get, servers, until


@pytest.fixture
def start() -> Iterator[Start]:
    with servers() as started:
        yield started


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_all_are_answered_in_their_order(start: Start, version: str) -> None:
    server = start()
    names = [f"/{number}" for number in range(40)]
    kept = "Connection: keep-alive"
    with server.send(b"".join(get(name, kept, version=version) for name in names)) as link:
        assert bodies(link, 40) == [name.encode() for name in names]
    assert server.site.served == names


@pytest.mark.parametrize("size", [1, 7, 100])
def test_they_may_come_in_pieces_and_with_bodies(start: Start, size: int) -> None:
    server = start()
    plain = b"POST /plain HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nwords\r\n"
    chunked = b"POST /parts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    sent = get("/a") + plain + chunked + b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n" + get("/b")
    with server.send(b"") as link:
        for at in range(0, len(sent), size):
            link.sendall(sent[at : at + size])
        assert bodies(link, 4) == [b"/a", b"/plainwords", b"/partsonetwo", b"/b"]


def test_a_body_of_no_told_length_may_come_long_after_its_headers(start: Start) -> None:
    server = start()
    chunked = b"POST /parts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with server.send(get("/a") + chunked) as link:
        assert bodies(link, 1) == [b"/a"]
        until(
            lambda: any(
                one.request and one.request.admitted for one in server.listener.connections()
            )
        )
        link.sendall(b"3\r\none\r\n0\r\n\r\n")
        assert bodies(link, 1) == [b"/partsone"]


def test_who_waits_for_each_answer_is_never_in_the_line(start: Start) -> None:
    server = start(calm=NEVER)
    with server.send(b"") as link:
        for number in range(5):
            link.sendall(get(f"/{number}"))
            assert bodies(link, 1) == [f"/{number}".encode()]


def test_nothing_behind_a_closing_request_is_answered(start: Start) -> None:
    server = start()
    with server.send(get("/last", "Connection: close") + get("/more")) as link:
        ended = b"".join(iter(lambda: link.recv(65_536), b""))
    assert ended.count(b"HTTP/1.1 200") == 1
    assert server.ask("/other") == b"/other"
    assert server.site.served == ["/last", "/other"]


MALFORMED = {
    "brackets": b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "no address": b"GET http://[x]/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "digits": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("what", MALFORMED)
@pytest.mark.parametrize("first", [b"", get("/first")], ids=["alone", "behind"])
def test_what_cannot_be_parsed_is_refused_and_others_are_served(
    start: Start, what: str, first: bytes
) -> None:
    server = start()
    with server.send(first + MALFORMED[what]) as link:
        ended = b"".join(iter(lambda: link.recv(65_536), b""))
    assert ended.count(b"HTTP/1.1 200") == bool(first)
    assert ended.count(b"HTTP/1.1 400") == 1
    assert server.ask("/other") == b"/other"


def test_an_error_in_what_comes_behind_ends_that_connection_alone(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start()
    parse = Incoming.parse_header

    def unforeseen(request: Incoming, lines: bytes) -> None:
        parse(request, lines)
        if request.path == "/unforeseen":
            raise RuntimeError

    monkeypatch.setattr(Incoming, "parse_header", unforeseen)
    with server.send(get("/first") + get("/unforeseen")) as link:
        ended = b"".join(iter(lambda: link.recv(65_536), b""))
    assert ended.count(b"HTTP/1.1 200") == 1
    assert server.ask("/other") == b"/other"


@pytest.mark.parametrize("clients", [8, 50])
def test_they_wait_while_others_ask(start: Start, clients: int) -> None:
    server = start(calm=NEVER)
    links = [server.send(get("/first") + get("/further") * 99) for _ in range(clients)]
    until(lambda: server.turns.waiting == clients)
    for _ in range(20):
        assert server.ask("/page") == b"/page"
    assert server.site.served.count("/first") == clients
    assert "/further" not in server.site.served
    for link in links:
        link.close()


def test_one_of_them_at_a_time_has_a_thread(start: Start) -> None:
    server = start()
    links = [server.send(get("/first") + get("/held") * 3) for _ in range(20)]
    until(lambda: server.turns.waiting == 19 and server.site.at_once == 1)
    for _ in range(20):
        assert server.ask("/page") == b"/page"
    server.site.gate.set()
    for link in links:
        with link:
            assert bodies(link, 4) == [b"/first", *[b"/held"] * 3]
    assert server.site.most == 1


def test_they_have_their_turn_although_others_never_pause(start: Start) -> None:
    server = start(calm=NEVER, pause=0)
    with server.send(get("/held")), server.send(get("/first") + get("/further") * 3) as link:
        assert bodies(link, 4) == [b"/first", *[b"/further"] * 3]
        assert server.site.at_once == 1


def test_their_turns_go_round_among_connections(start: Start) -> None:
    server = start()
    with server.send(get("/held")) as first:
        links = [server.send(get("/first") + get(f"/{n}") * 3) for n in range(3)]
        until(lambda: server.turns.waiting == 3)
        server.site.gate.set()
        assert bodies(first, 1) == [b"/held"]
        for link in links:
            with link:
                bodies(link, 4)
    turns = [path for path in server.site.served if path in ("/0", "/1", "/2")]
    assert sorted(turns[:3]) == ["/0", "/1", "/2"]


def test_long_ones_wait_as_well(start: Start) -> None:
    """Only a part of the next is read with one."""
    server = start(calm=NEVER)
    long = f"X-Long: {'x' * 50_000}"
    with server.send(get("/held")), server.send(get("/held", long) + get("/further", long)):
        until(lambda: server.site.at_once == 2)
        server.site.gate.set()
        until(lambda: server.turns.waiting == 1)
        assert server.ask("/page") == b"/page"
        assert "/further" not in server.site.served


def test_what_comes_while_a_thread_is_waited_for_was_sent_ahead(start: Start) -> None:
    server = start(threads=1, calm=NEVER)
    with server.send(get("/held"), source="127.0.0.2"):
        until(lambda: server.site.at_once)
        with server.send(get("/first")) as link:
            until(lambda: [one for one in server.listener.connections() if one.requests][1:])
            link.sendall(get("/further"))
            server.site.gate.set()
            assert bodies(link, 1) == [b"/first"]
            until(lambda: server.turns.waiting == 1)


def test_an_empty_line_behind_a_body_is_no_request(start: Start) -> None:
    server = start(calm=NEVER)
    form = b"POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nwords\r\n"
    with server.send(form) as link:
        assert bodies(link, 1) == [b"/formwords"]
        link.sendall(get("/page"))
        assert bodies(link, 1) == [b"/page"]


def test_the_next_waits_until_the_answer_is_read(start: Start) -> None:
    server = start(threads=1, pause=0)
    with server.send(get("/large") + get("/further")) as link:
        until(lambda: server.site.served)
        for _ in range(5):
            assert server.ask("/page") == b"/page"
        assert "/further" not in server.site.served
        assert bodies(link, 2) == [b"x" * LARGE, b"/further"]


def test_no_request_is_parsed_before_its_turn(start: Start) -> None:
    server = start(calm=NEVER)
    with server.send(get("/first") + get("/further") * 900):
        until(lambda: server.turns.waiting == 1)
        (connection,) = server.listener.connections()
        assert len(connection.requests) == 1
        assert 0 < len(connection.ahead) < 65_536
