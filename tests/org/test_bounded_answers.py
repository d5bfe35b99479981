"""Services that answer slowly, endlessly or not to the end hold nobody, and are an error."""

import socket
import threading
from collections.abc import Callable

import pytest
import requests

from org import bounded_answers
from org.bounded_answers import answer_of, bounded
from tests.services import trickling
from tests.services.trickling import answering_badly


@pytest.mark.parametrize(
    "answer",
    [
        trickling.trickles_headers,
        trickling.trickles_body,
        trickling.breaks_off,
        trickling.says_rubbish,
        trickling.never_ends,
    ],
)
def test_what_is_no_whole_answer_in_time_is_an_error(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[socket.socket, threading.Event], None]
) -> None:
    monkeypatch.setattr(bounded_answers, "WHOLE_SECONDS", 0.5)
    with answering_badly(answer) as address, pytest.raises(requests.RequestException):
        answer_of("GET", f"{address}/")


def test_each_request_of_a_session_has_its_time() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    told = threading.Event()

    def later(connected: socket.socket, over: threading.Event) -> None:
        """Answer the first request at once, and trickle after the second."""
        connected.sendall(whole)
        if not told.is_set():
            told.set()
            connected.recv(65_536)
        trickling.trickles_headers(connected, over)

    with answering_badly(later) as address, requests.Session() as session:
        bounded(session, whole_seconds=0.5)
        assert session.get(address).json() == {}
        assert session.get(address).content == b"{}"  # a connection of its own


def test_an_answer_of_the_greatest_size_is_taken_and_a_longer_one_is_not() -> None:
    def answer(connected: socket.socket, _over: threading.Event) -> None:
        connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789")

    with answering_badly(answer) as address:
        assert answer_of("GET", address, most=10).content == b"0123456789"
        with pytest.raises(requests.RequestException):
            answer_of("GET", address, most=9)
