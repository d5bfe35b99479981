"""The C library's heaps: few of them, and free memory in them returned to the system.

Else each thread keeps a heap of its own, and what jobs have freed stays with the process: after
sixty letters an office's process held 200 MB that nothing used.
"""

import ctypes
import time
from typing import Final

GIVE_BACK_SECONDS: Final = 5.0  # between two rounds over the heaps, which take milliseconds
_M_ARENA_MAX, _HEAPS = -8, 2  # of malloc.h
_given_back_at = 0.0


def share_heaps() -> None:
    """Let all threads share two heaps; to be called before the first thread is started."""
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):
        allocator.mallopt(_M_ARENA_MAX, _HEAPS)


def give_memory_back(*, seconds: float = GIVE_BACK_SECONDS) -> bool:
    """Give free pages of the heaps back; return False within GIVE_BACK_SECONDS of the last time."""
    global _given_back_at
    now = time.monotonic()
    if now - _given_back_at < seconds:
        return False
    _given_back_at = now
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "malloc_trim"):
        allocator.malloc_trim(0)
    return True
