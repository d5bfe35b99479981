"""How many reading processes run at once, over all letters that one process of the office reads."""

from __future__ import annotations

import os
import threading


class Cores:
    """A count of processes that work and of those that may.

    The first process of a reading never waits, since its letter would; every further one needs a
    spare core, and is given back as soon as the cores are crowded.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._busy = 0
        self._lock = threading.Lock()

    def join(self) -> None:
        """One process more, however many there are."""
        with self._lock:
            self._busy += 1

    def join_spare(self) -> bool:
        """One process more where a core is free; False where none is."""
        with self._lock:
            free = self._busy < self._count
            self._busy += free
            return free

    def leave(self) -> None:
        """One process fewer."""
        with self._lock:
            self._busy -= 1

    @property
    def crowded(self) -> bool:
        """Whether more work than there are cores."""
        return self._busy > self._count


def cores_here() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))
