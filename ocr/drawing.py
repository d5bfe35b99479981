"""Pictures of pages: each drawn once and kept, a few at a time.

A picture that cannot be drawn is remembered for ten minutes, so that repeated requests do not start
a child each; one that took too long, for two: the machine may be busy.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ocr.caches import UNDRAWN_SECONDS, UNDRAWN_SUFFIX
from ocr.errors import PictureDelayed, Unreadable
from org.durable_files import take_lock

SLOW_SECONDS: Final = 120  # that a picture is not tried again which took too long
_places = threading.BoundedSemaphore(2)


def drawn_once(target: Path, draw: Callable[[], bytes], *, patience: float | None = None) -> Path:
    """Return the picture of a page, drawn first where it is not there.

    Raise what `draw` raises, the same Unreadable for a while without another try; and
    PictureDelayed where it could not be begun within `patience` seconds (None: however long it
    takes).
    """
    until = _deadline(patience)

    def in_turn() -> bytes:
        _raise_known(target)
        with _place_to_draw(until=until):
            try:
                return draw()
            except Unreadable as error:
                _remember(target, error)
                raise

    if not target.is_file():
        _raise_known(target)
    return _made(target, in_turn, until=until)


def made_once(target: Path, make: Callable[[], bytes], *, patience: float | None = None) -> Path:
    """Return the file, made first where it is missing; concurrent callers wait for it.

    Raise what `make` raises, and PictureDelayed where another file of its folder is still being
    made after `patience` seconds.
    """
    return _made(target, make, until=_deadline(patience))


def _deadline(patience: float | None) -> float | None:
    """Return the monotonic time that is `patience` seconds away; None for no deadline."""
    return None if patience is None else time.monotonic() + patience


def _made(target: Path, make: Callable[[], bytes], *, until: float | None) -> Path:
    if target.is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(target.parent, until=until):
        if not target.is_file():
            _put(target, make())
    return target


@contextmanager
def _alone_in(folder: Path, *, until: float | None) -> Iterator[None]:
    """Hold the folder's lock; raise PictureDelayed where another holds it still at `until`."""
    with (folder / ".lock").open("w") as lock:
        if not take_lock(lock, until=until):
            raise PictureDelayed("another is being made of the same file")
        yield


@contextmanager
def _place_to_draw(*, until: float | None) -> Iterator[None]:
    """Take one of the places for drawing; raise PictureDelayed where none is free by `until`."""
    wait = None if until is None else max(0.0, until - time.monotonic())
    if not _places.acquire(timeout=wait):
        raise PictureDelayed("as many as may be are being made")
    try:
        yield
    finally:
        _places.release()


def _raise_known(target: Path) -> None:
    """Raise the Unreadable with which the picture could not be drawn a while ago."""
    mark = target.with_suffix(UNDRAWN_SUFFIX)
    try:
        code, age = mark.read_text(), time.time() - mark.stat().st_mtime
    except FileNotFoundError:
        return
    if age < (SLOW_SECONDS if code == "timeout" else UNDRAWN_SECONDS):
        raise Unreadable(code, "picture, as before")


def _remember(target: Path, error: Unreadable) -> None:
    """Keep that it cannot be drawn; not of pages beyond the end, of which there is no end."""
    if error.code != "empty":
        _put(target.with_suffix(UNDRAWN_SUFFIX), error.code.encode())


def _put(target: Path, data: bytes) -> None:
    """Write to a temporary file, then rename, so that no reader sees a partial file."""
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    os.chmod(name, 0o644)
    os.replace(name, target)
