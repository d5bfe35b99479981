"""Answers of other services in bounded time and size, however slowly or endlessly they trickle.

The time-out of a socket begins anew with each byte: a service that sends one now and then would
hold its worker, or the thread of a page, for days.
"""

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError as BrokenAnswerError

SECONDS: Final = 10.0  # without a sign of the service
WHOLE_SECONDS: Final = 30.0  # of a request and its answer
MOST: Final = 1024 * 1024  # bytes of an answer


class Deadline:
    """Breaks off the connections that are made under it, once its seconds are over.

    What was read until then may look whole: its end raises TimeoutError.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._sockets: list[socket.socket] = []
        self._over = False

    def __enter__(self) -> "Deadline":
        """Begin to count."""
        self._timer = threading.Timer(self._seconds, self._break_off)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, kind: object, *_error: object) -> None:
        """Let what is still open be. Raise TimeoutError where the time was over."""
        self._timer.cancel()
        if self._over and kind is None:
            raise TimeoutError

    def watch(self, connected: socket.socket) -> None:
        """Break this connection off in time; at once, where the time is over."""
        self._sockets.append(connected)
        if self._over:
            _shut(connected)

    def watching(self, made: Callable[..., Any]) -> type[Any]:
        """Return a class of connections (http.client's, urllib3's) that are watched once open."""
        watch = self.watch

        class Watched(made):  # type: ignore[misc,valid-type]
            def connect(self) -> None:
                super().connect()
                watch(self.sock)

        return Watched

    def _break_off(self) -> None:
        self._over = True
        for connected in list(self._sockets):
            _shut(connected)


def _shut(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):  # closed meanwhile
        # not SSLSocket's own, which would take the TLS state from under the thread that reads
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


class BoundedAdapter(HTTPAdapter):
    """The adapter of `requests` that reads an answer whole, as far as it is bounded.

    Every failure, of the answer's body too, is a RequestException.
    """

    def __init__(self, *, whole_seconds: float, most: int) -> None:
        super().__init__()
        self._whole_seconds = whole_seconds
        self._most = most
        self._deadline = Deadline(whole_seconds)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """Return the pool, whose connections are watched."""
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = self._deadline.watching(type(pool).ConnectionCls)
        return pool

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Return the answer, read to its end. Raise RequestException."""
        self.close()  # a connection of before is watched by no deadline of now
        self._deadline = Deadline(self._whole_seconds)
        try:
            with self._deadline:
                answer = super().send(request, *args, **{**kwargs, "stream": True})
                with contextlib.closing(answer):
                    body = answer.raw.read(self._most + 1, decode_content=True)
        except requests.RequestException:
            raise
        except (BrokenAnswerError, OSError) as error:
            raise requests.ConnectionError(error, request=request) from error
        if len(body) > self._most:
            raise requests.ConnectionError("the answer is too long", request=request)
        answer._content = body
        answer._content_consumed = True
        return answer


def bounded(
    session: requests.Session, *, whole_seconds: float = WHOLE_SECONDS, most: int = MOST
) -> requests.Session:
    """Return the session, whose answers are bounded from now on."""
    for scheme in ("https://", "http://"):
        session.mount(scheme, BoundedAdapter(whole_seconds=whole_seconds, most=most))
    return session


def answer_of(method: str, address: str, *, most: int = MOST, **more: Any) -> requests.Response:
    """Return the whole answer to one request; redirects are not followed.

    Raise RequestException.
    """
    with bounded(requests.Session(), whole_seconds=WHOLE_SECONDS, most=most) as session:
        return session.request(method, address, timeout=SECONDS, allow_redirects=False, **more)
