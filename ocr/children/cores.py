"""How many reading processes run at once, over all letters that one office process reads."""

from __future__ import annotations

import threading


class Cores:
    """A count of working processes and of those allowed.

    The first process of a reading never waits, since its letter would; every further one needs a
    spare core, and is released as soon as the cores are crowded.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._busy = 0
        self._lock = threading.Lock()

    def join(self) -> None:
        """Count one process more, however many there are."""
        with self._lock:
            self._busy += 1

    def join_spare(self) -> bool:
        """Count one process more where a core is free; return False where none is."""
        with self._lock:
            free = self._busy < self._count
            self._busy += free
            return free

    def leave(self) -> None:
        """Count one process fewer."""
        with self._lock:
            self._busy -= 1

    @property
    def crowded(self) -> bool:
        """Whether there is more work than there are cores."""
        return self._busy > self._count
