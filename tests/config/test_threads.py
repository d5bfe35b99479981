"""One address never has all threads, and its requests take turns with those of others."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.config.webserver import THREADS, Start, bodies, get, servers, until

SHARE = 6  # of eight threads


@pytest.fixture
def start() -> Iterator[Start]:
    with servers() as started:
        yield started


def test_one_address_leaves_threads_to_others(start: Start) -> None:
    server = start()
    links = [server.send(get("/held")) for _ in range(20)]
    until(lambda: server.site.at_once == SHARE)
    assert server.ask("/page", source="127.0.0.2") == b"/page"
    assert server.site.served.count("/held") == SHARE
    server.site.gate.set()
    for link in links:
        with link:
            assert bodies(link, 1) == [b"/held"]
    assert server.site.most == SHARE


def test_two_addresses_may_have_them_all(start: Start) -> None:
    server = start()
    with contextlib.ExitStack() as cleanup:
        for source in ("127.0.0.1", "127.0.0.2"):
            for _ in range(SHARE):
                cleanup.enter_context(server.send(get("/held"), source=source))
        until(lambda: server.site.at_once == THREADS)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_few_threads_answer_as_well(start: Start, threads: int) -> None:
    server = start(threads=threads)
    for number in range(5):
        assert server.ask(f"/{number}") == f"/{number}".encode()


def test_behind_proxies_the_address_is_the_one_they_saw(start: Start, settings: Any) -> None:
    settings.PROXIES = 1
    server = start()
    flood = get("/held", "X-Forwarded-For: 203.0.113.9, 192.0.2.1")
    links = [server.send(flood) for _ in range(20)]
    until(lambda: server.site.at_once == SHARE)
    assert server.ask("/page", **{"X-Forwarded-For": "192.0.2.2"}) == b"/page"
    assert server.site.served.count("/held") == SHARE
    server.site.gate.set()
    for link in links:
        link.close()


def test_addresses_take_turns(start: Start) -> None:
    server = start(threads=1)
    links = [server.send(get("/held"))]
    until(lambda: server.site.at_once)
    links += [server.send(get("/many")) for _ in range(20)]
    until(lambda: sum(bool(one.requests) for one in server.listener.connections()) == 21)
    with server.send(get("/one"), source="127.0.0.2") as other:
        until(lambda: len(server.threads.queue) == 1)  # the flood has all that it may have
        server.site.gate.set()
        assert bodies(other, 1) == [b"/one"]
    for link in links:
        with link:
            bodies(link, 1)
    assert server.site.served.index("/one") <= 2
