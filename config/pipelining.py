"""Pipelined requests: those that a client sent before it had the answer to its last one.

They are work that nobody waits for in front of a page, and one connection brings any number of
them. So they have one thread in all, and leave the office to everybody else's requests: each waits
for a calm moment, or for a time that is long against what the one before it took.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from config.threads import Task, Threads

CALM_SECONDS: Final = 0.2  # without any other request
PAUSE_SECONDS: Final = 2.0  # at least, where there is no calm
PAUSE_TIMES: Final = 50  # of what the one before took: so they have a fiftieth of one thread
PAUSE_MOST: Final = 60.0
LOOK_SECONDS: Final = 0.05  # between two looks whether the next may go
REST_SECONDS: Final = 1.0  # where none waits


class PipelinedRequests:
    """Gives requests to the threads: first ones at once, further ones in their turn."""

    def __init__(
        self, threads: Threads, *, calm: float = CALM_SECONDS, pause: float = PAUSE_SECONDS
    ) -> None:
        self._threads, self._calm, self._pause = threads, calm, pause
        self._lock = threading.Lock()
        self._line: deque[Task] = deque()
        self._others = 0  # first requests that wait for a thread or have one
        self._others_ended = self._due = 0.0
        self._serving = False  # a further one

    @property
    def waiting(self) -> int:
        """Return how many further requests stand in the line."""
        return len(self._line)

    def add(self, task: Task, *, further: bool) -> None:
        """Take a task; called by the loop's thread, which calls `go_on` before it rests."""
        with self._lock:
            if further:
                if not self._line and not self._serving:
                    self._due = max(self._due, time.monotonic() + self._pause)
                self._line.append(task)
                return
            self._others += 1
        self._threads.add_task(_Turn(task, task.address, self._end_other))

    def go_on(self) -> float:
        """Give the next of the line to a thread where it may go; return when to call again."""
        with self._lock:
            if not self._line:
                return REST_SECONDS
            if self._serving or not self._may_go(time.monotonic()):
                return LOOK_SECONDS
            task, self._serving = self._line.popleft(), True
        self._threads.add_task(_Turn(task, task.address, self._end_further))
        return LOOK_SECONDS

    def _may_go(self, now: float) -> bool:
        is_calm = not self._others and now - self._others_ended >= self._calm
        return is_calm or now >= self._due

    def _end_other(self, _took: float) -> None:
        with self._lock:
            self._others -= 1
            self._others_ended = time.monotonic()

    def _end_further(self, took: float) -> None:
        with self._lock:
            self._serving = False
            pause = max(self._pause, min(took * PAUSE_TIMES, PAUSE_MOST))
            self._due = time.monotonic() + pause
        self.go_on()


@dataclass(frozen=True, slots=True)
class _Turn:
    """A task that reports its end, with the seconds that it took."""

    task: Task
    address: str
    end: Callable[[float], None]

    def service(self) -> None:
        """Do the task, in a thread of waitress."""
        began = time.monotonic()
        try:
            self.task.service()
        finally:
            self.end(time.monotonic() - began)

    def cancel(self) -> None:
        """Leave it."""
        self.task.cancel()
