"""Where Tantivy's indexes are on disk, and who may write: several processes, any of them killed.

search/
  write.lock      held (flock) by whoever writes to the current index; the kernel frees it when
                  that process dies
  build.lock      the same for the index being built, so that its long writes delay no change
  rebuild.lock    held for the whole of a rebuild
  current         the name of the active index; replaced by rename, never edited
  building        the name of the index being filled beside it, if any
  index-<hex>/    one Tantivy index, with sijill.json: its versions; and place.json: how far the
                  rebuild that fills it has come
"""

import contextlib
import json
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from org.durable_files import sync_folder, take_lock, write_durably
from search.analysis.versions import Stamp
from search.contract import EngineBusy

_STAMP: Final = "sijill.json"
_PLACE: Final = "place.json"


class TantivyStore:
    """The folder of the embedded engine; a writer waits `wait_seconds` for another."""

    def __init__(self, folder: Path, *, wait_seconds: float) -> None:
        self.folder = folder
        self.wait_seconds = wait_seconds

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock among all processes; raise EngineBusy after `wait_seconds`."""
        with self._lock("write.lock", self.wait_seconds, "another process is writing the index"):
            yield

    @contextlib.contextmanager
    def writing_beside(self, *, patient: bool = True) -> Iterator[None]:
        """Hold the lock of the index being built; without `patient` wait a second at most."""
        seconds = self.wait_seconds if patient else min(self.wait_seconds, 1.0)
        with self._lock("build.lock", seconds, "a rebuild is writing the index beside"):
            yield

    @contextlib.contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Hold the rebuild lock among all processes; raise EngineBusy at once when one runs."""
        with self._lock("rebuild.lock", 0, "the index is already being rebuilt"):
            yield

    @contextlib.contextmanager
    def _lock(self, name: str, wait_seconds: float, complaint: str) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        until = time.monotonic() + wait_seconds
        with (self.folder / name).open("ab") as handle:
            if not take_lock(handle, until=until):
                raise EngineBusy(complaint)
            yield

    def current(self) -> Path | None:
        """Return the active index, or None before the first document."""
        return self._named("current")

    def building(self) -> Path | None:
        """Return the index being filled beside the current one, also after a killed rebuild."""
        building = self._named("building")
        return None if building == self.current() else building

    def _named(self, pointer: str) -> Path | None:
        """Return what a pointer names, read again where it was replaced and swept meanwhile."""
        name = self._word(pointer)
        while name:
            if (self.folder / name).is_dir():
                return self.folder / name
            before, name = name, self._word(pointer)
            if name == before:
                break
        return None

    def _word(self, pointer: str) -> str:
        try:
            return (self.folder / pointer).read_text("ascii").strip()
        except FileNotFoundError:
            return ""

    def stamp(self, index: Path) -> Stamp:
        """Return which version of schema and analysis wrote that index."""
        return Stamp.of(self.recorded(index))

    def recorded(self, index: Path) -> dict[str, Any]:
        """Return the versions recorded in that index; nothing where it is missing or damaged."""
        return _read_json(index / _STAMP)

    def present(self) -> dict[str, Any]:
        """Return the versions that a new index records."""
        return Stamp.present().as_json()

    def new_index(self) -> Path:
        """Make a new empty folder with its stamp; nothing points to it yet."""
        index = self.folder / f"index-{uuid.uuid4().hex}"
        index.mkdir()
        write_durably(index / _STAMP, json.dumps(self.present()))
        return index

    def place(self, index: Path) -> str:
        """Return the last recorded place of that index's rebuild; "" at its beginning."""
        return str(_read_json(index / _PLACE).get("after", ""))

    def keep_place(self, index: Path, place: str) -> None:
        """Save how far the rebuild has come, durably."""
        write_durably(index / _PLACE, json.dumps({"after": place}))

    def point(self, pointer: str, index: Path | None) -> None:
        """Make "current" or "building" name that index, atomically and durably."""
        target = self.folder / pointer
        if index is None:
            target.unlink(missing_ok=True)
            return
        write_durably(target, index.name)
        sync_folder(self.folder)

    def sweep(self) -> None:
        """Delete indexes nothing points to: left by killed rebuilds, or just replaced.

        Readers of a replaced index keep its files open until their next search.
        """
        kept = {self.current(), self.building()}
        for index in self.folder.glob("index-*"):
            if index not in kept:
                shutil.rmtree(index, ignore_errors=True)


def _read_json(path: Path) -> dict[str, Any]:
    """Return the file's content; nothing where it is missing or damaged."""
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
