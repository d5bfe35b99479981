"""Resource limits for one file, in one place, checked before anything is unpacked."""

import time
from dataclasses import dataclass

from ocr.errors import EngineTimeout

MEGA = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Caps of one reading: pixels after decoding, bytes after unpacking, seconds of wall time."""

    pages: int = 2000
    pixels: int = 150 * MEGA
    working_pixels: int = 25 * MEGA  # a page is reduced to this before processing
    page_seconds: float = 60.0
    page_chars: int = 500_000
    unpacked_bytes: int = 200 * MEGA
    archive_members: int = 5000
    rows: int = 20_000
    memory_bytes: int = 560 * MEGA  # of the reading process's own: what it writes to
    address_bytes: int = 2048 * MEGA  # of its addresses, with libraries and mapped files
    file_bytes: int = 512 * MEGA  # largest file the reading process may write


def seconds_left(deadline: float) -> float:
    """Return the seconds that remain until a monotonic time. Raise EngineTimeout when none do."""
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise EngineTimeout("the page's time is used up")
    return remaining
