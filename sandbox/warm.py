"""Confined children that stay: each answers for one open file after another.

A file is passed to them open, so they need see no path at all. One that crashes, takes too long or
has answered for many files is ended, and the next file gets a fresh one. A file is at fault only
where a fresh child has crashed on it too; a child that cannot start is no evidence about the file.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from sandbox.process import ChildDied, SandboxedProcess

MOST_AT_ONCE: Final = 4
MOST_FILES: Final = 500  # of one child: what a hostile file did to it ends with it
_IDLE_SECONDS: Final = 300.0
_START_SECONDS: Final = 60.0  # a fraction of one, but for a machine under load


class ChildrenBusy(ChildDied):
    """No child was there for the file, which is not at fault; it may be tried again later."""

    def __init__(self, reason: str) -> None:
        super().__init__("timeout", reason)


class WarmChildren:
    """Children of one module, at most MOST_AT_ONCE, started when they are needed."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._free = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._lock = threading.Lock()
        self._idle: list[_Warm] = []

    def ask(self, question: Mapping[str, Any], file: BinaryIO, *, seconds: float) -> Any:
        """Return a child's answer for an open file.

        Raise ChildrenBusy while none is free or none starts, else ChildDied where two have died.
        """
        if not self._free.acquire(timeout=seconds):
            raise ChildrenBusy("all children are busy")
        try:
            start = os.lseek(file.fileno(), 0, os.SEEK_CUR)  # which the child shares and moves
            try:
                return self._ask(self._next(), question, file, seconds)
            except ChildrenBusy:
                raise
            except ChildDied:
                os.lseek(file.fileno(), start, os.SEEK_SET)
                return self._ask(self._started(), question, file, seconds)
        finally:
            self._free.release()

    def _ask(self, warm: _Warm, question: Mapping[str, Any], file: BinaryIO, seconds: float) -> Any:
        try:
            answer = warm.ask(question, file, seconds)
        except BaseException:
            warm.child.end()
            raise
        self._keep(warm)
        return answer

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
        return self._started()

    def _started(self) -> _Warm:
        """Return a fresh child that is ready. Raise ChildrenBusy."""
        try:
            child = SandboxedProcess(self._module, ["serve"])
        except OSError as error:  # no memory, no process left
            raise ChildrenBusy(f"no child starts: {type(error).__name__}") from error
        try:
            next(child.await_lines(_START_SECONDS))  # as `sandbox.serve.handed` says
        except (ChildDied, StopIteration):
            child.end()
            raise ChildrenBusy("a child did not start") from None
        return _Warm(child)

    def _keep(self, warm: _Warm) -> None:
        with self._lock:
            self._idle.append(warm)


class _Warm:
    """A child, and how often and when it was used."""

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
