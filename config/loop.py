"""The loop that waits for bytes on all connections of a process.

waitress's own loop polls every connection at each turn for whether it wants to read or to write.
Here the kernel watches those that only wait for bytes (epoll), so that they cost nothing until some
come.
"""

import select
from collections.abc import Callable
from typing import Any

from waitress import wasyncore

_READ = select.EPOLLIN | select.EPOLLPRI


class Loop:
    """An epoll loop for one thread; `map` is where waitress registers its sockets."""

    def __init__(self) -> None:
        self.map: dict[int, Any] = {}
        self._kernel = select.epoll()
        self._told: dict[int, int] = {}  # what the kernel is to wait for, by the socket's number
        self._always: list[Any] = []
        self._awake: dict[int, Any] = {}

    def look_always_at(self, *others: Any) -> None:
        """Add objects that are no connections, and are polled at each turn."""
        self._always.extend(others)

    def look_at(self, connection: Any) -> None:
        """Poll the connection at each turn, until it `is_quiet` again."""
        self._awake[connection._fileno] = connection

    def forget(self, one: Any) -> None:
        """Forget a connection that is about to be closed."""
        self._awake.pop(one._fileno, None)
        self._always = [other for other in self._always if other is not one]
        self._tell(one._fileno, 0)

    def turn(self, seconds: Callable[[], float]) -> None:
        """Wait for something to happen, as long as `seconds` says then, and do it."""
        for one in self._always:
            self._ask(one)
        for one in list(self._awake.values()):
            self._go_on(one)
        for number, what in self._kernel.poll(seconds()):
            self._do(number, what)

    def _go_on(self, one: Any) -> None:
        try:
            one.go_on()
        except Exception:  # what one client sent ends its connection, not the loop of all
            one.handle_error()
            return
        quiet = one.is_quiet  # first: whoever is quiet becomes busy by this thread alone
        self._ask(one)
        if quiet:
            del self._awake[one._fileno]

    def _do(self, number: int, what: int) -> None:
        one = self.map.get(number)
        if one is None:
            return
        wasyncore.readwrite(one, what)
        if number in self.map and one not in self._always:
            self.look_at(one)

    def _ask(self, one: Any) -> None:
        wanted = _READ if one.readable() else 0
        if one.writable() and not one.accepting:
            wanted |= select.EPOLLOUT
        self._tell(one._fileno, wanted)

    def _tell(self, number: int, wanted: int) -> None:
        """Set what the kernel watches a socket for.

        A socket from which nothing is wanted is removed: the kernel would report a broken
        connection for ever.
        """
        known = self._told.get(number, 0)
        if wanted and known:
            if wanted != known:
                self._kernel.modify(number, wanted)
        elif wanted:
            self._kernel.register(number, wanted)
        elif known:
            self._kernel.unregister(number)
        if wanted:
            self._told[number] = wanted
        else:
            self._told.pop(number, None)
