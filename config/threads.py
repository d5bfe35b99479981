"""The threads that make answers, shared out among the clients' addresses.

Requests of one address wait in one line, and the lines take turns. No address has all threads,
however many connections it opens, so that another's request finds one.
"""

import threading
from collections import Counter, deque
from dataclasses import dataclass
from typing import Protocol

from waitress.task import ThreadedTaskDispatcher


class Task(Protocol):
    """What a thread does, and for which address."""

    @property
    def address(self) -> str:
        """Return the client's address."""

    def service(self) -> None:
        """Do it."""

    def cancel(self) -> None:
        """Leave it: the server stops."""


class Threads(ThreadedTaskDispatcher):  # type: ignore[misc]
    """So many threads of waitress; one address has at most three quarters of them at once."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.queue = _Lines(self.lock, most=max(1, count - max(1, count // 4)))
        self.set_thread_count(count)


class _Lines:
    """A queue as waitress uses it, under its lock: a line of each address, in turns."""

    def __init__(self, lock: threading.Lock, *, most: int) -> None:
        self._lock, self._most = lock, most
        self._lines: dict[str, deque[Task]] = {}  # whose turn is next comes first
        self._working: Counter[str] = Counter()  # threads of each address

    def __len__(self) -> int:
        """Return how many addresses have a task that may be done now."""
        return sum(1 for address in self._lines if self._working[address] < self._most)

    def append(self, task: Task) -> None:
        """Take a task."""
        self._lines.setdefault(task.address, deque()).append(task)

    def popleft(self) -> "_Shared":
        """Return the next task that may be done; its address goes to the end of the lines."""
        address = next(one for one in self._lines if self._working[one] < self._most)
        line = self._lines.pop(address)
        task = line.popleft()
        if line:
            self._lines[address] = line
        self._working[address] += 1
        return _Shared(task, self)

    def done(self, address: str) -> None:
        """Give back the thread of a task; called by that thread, which then takes the next."""
        with self._lock:
            self._working[address] -= 1
            if not self._working[address]:
                del self._working[address]


@dataclass(frozen=True, slots=True)
class _Shared:
    """A task that a thread has taken."""

    task: Task
    lines: _Lines

    def service(self) -> None:
        """Do the task, and give the thread back."""
        try:
            self.task.service()
        finally:
            self.lines.done(self.task.address)

    def cancel(self) -> None:
        """Leave it."""
        self.task.cancel()
