"""Limits of one person or key in a process: requests a minute, and expensive ones at once.

Counted in the memory of each web process, so that counting costs nothing; the office's limit is
therefore that of one process times its processes. Stated in the RateLimit headers of the IETF draft
(draft-ietf-httpapi-ratelimit-headers).
"""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from web.throttle import TooManyAttemptsError

MINUTE: Final = 60
_KEPT: Final = 10_000  # keys in memory; those not seen for longest are forgotten


@dataclass(frozen=True, slots=True)
class CountedRequest:
    """One request that was counted: under which policy, how many are left, seconds until more."""

    policy: str
    most: int
    left: int
    reset: int

    def headers(self) -> dict[str, str]:
        """Return the headers that state a caller's limit."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.most};w={MINUTE}',
            "RateLimit": f'"{self.policy}";r={self.left};t={self.reset}',
        }


class Budget:
    """At most `most` requests of a key in a minute that begins with its first; 0 is no limit."""

    def __init__(self, policy: str) -> None:
        self.policy = policy
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str, *, most: int) -> CountedRequest:
        """Count one request. Raise TooManyAttemptsError where none was left."""
        now = time.monotonic()
        with self._lock:
            ends, count = self._counts.pop(key, (0.0, 0))
            if ends <= now:
                ends, count = now + MINUTE, 0
            self._counts[key] = ends, count + 1
            if len(self._counts) > _KEPT:
                self._counts.popitem(last=False)
        reset = max(1, round(ends - now))
        if most and count >= most:
            raise TooManyAttemptsError(reset)
        return CountedRequest(self.policy, most, most - count - 1, reset)


class Lane:
    """Heavy questions that one key has under way at once, so that others find a free thread."""

    def __init__(self) -> None:
        self._under_way: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def entered(self, key: str, *, most: int) -> Iterator[None]:
        """Hold a place. Raise TooManyAttemptsError at once where the key holds `most` already."""
        with self._lock:
            if self._under_way[key] >= most:
                raise TooManyAttemptsError(1)
            self._under_way[key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way[key] -= 1
                if not self._under_way[key]:
                    del self._under_way[key]


ALL: Final = Budget("all")
HEAVY: Final = Budget("heavy")
HEAVY_AT_ONCE: Final = Lane()
