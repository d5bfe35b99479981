"""Memory of a process: few heaps of the C library, free pages returned to the system.

Else each thread keeps a heap of its own, and what jobs have freed stays with the process: after
sixty letters an office's process held 200 MB that nothing used.
"""

import ctypes
import time
from typing import Final

RELEASE_SECONDS: Final = 5.0  # between two rounds over the heaps, which take milliseconds
_M_ARENA_MAX, _HEAPS = -8, 2  # of malloc.h
_released_at = 0.0


def limit_malloc_arenas() -> None:
    """Let all threads share two heaps (arenas of malloc); call it before a thread is started."""
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):
        allocator.mallopt(_M_ARENA_MAX, _HEAPS)


def release_free_memory(*, seconds: float = RELEASE_SECONDS) -> bool:
    """Return free pages to the system; return False within RELEASE_SECONDS of the last time."""
    global _released_at
    now = time.monotonic()
    if now - _released_at < seconds:
        return False
    _released_at = now
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "malloc_trim"):
        allocator.malloc_trim(0)
    return True
