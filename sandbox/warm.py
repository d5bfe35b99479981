"""Confined children that stay: each answers for one open file after another.

A file is handed to them open, so they need see no path at all. One that dies, takes too long or has
answered for many files is ended, and the next file gets a fresh one.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from sandbox.process import ChildDied, SandboxedProcess

MOST_AT_ONCE: Final = 4
MOST_FILES: Final = 500  # of one child: what a hostile file did to it ends with it
_IDLE_SECONDS: Final = 300.0


class WarmChildren:
    """Children of one module, at most MOST_AT_ONCE, started when they are needed."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._free = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._lock = threading.Lock()
        self._idle: list[_Warm] = []

    def ask(self, question: Mapping[str, Any], file: BinaryIO, *, seconds: float) -> Any:
        """Return a child's answer for an open file. Raise ChildDied."""
        if not self._free.acquire(timeout=seconds):
            raise ChildDied("timeout", "all children are busy")
        try:
            warm = self._next()
            try:
                answer = warm.ask(question, file, seconds)
            except BaseException:
                warm.child.end()
                raise
            self._keep(warm)
            return answer
        finally:
            self._free.release()

    def end(self) -> None:
        """End the children that wait."""
        with self._lock:
            idle, self._idle = self._idle, []
        for warm in idle:
            warm.child.end()

    def _next(self) -> _Warm:
        with self._lock:
            warm = self._idle.pop() if self._idle else None
        if warm and warm.is_fresh():
            return warm
        if warm:
            warm.child.end()
        return _Warm(SandboxedProcess(self._module, ["serve"]))

    def _keep(self, warm: _Warm) -> None:
        with self._lock:
            self._idle.append(warm)


class _Warm:
    """A child, and how often and when it was asked."""

    def __init__(self, child: SandboxedProcess) -> None:
        self.child, self._asked, self._at = child, 0, time.monotonic()

    def is_fresh(self) -> bool:
        return (
            self._asked < MOST_FILES
            and time.monotonic() - self._at < _IDLE_SECONDS
            and self.child.is_alive()
        )

    def ask(self, question: Mapping[str, Any], file: BinaryIO, seconds: float) -> Any:
        self._asked, self._at = self._asked + 1, time.monotonic()
        self.child.hand(json.dumps(question), file)
        for line in self.child.await_lines(seconds):
            try:
                return json.loads(line)
            except ValueError:
                raise ChildDied("crashed", "the child answered nonsense") from None
        raise ChildDied("crashed", "the child ended without an answer")
