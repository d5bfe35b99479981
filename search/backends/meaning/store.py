"""The folders of the embedded vector index: those of Tantivy's store, with other versions."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from search.backends.tantivy.store import TantivyStore


class MeaningStore(TantivyStore):
    """The folders, with the version of their vectors, and one more lock."""

    def __init__(self, folder: Path, *, version: int, wait_seconds: float) -> None:
        super().__init__(folder, wait_seconds=wait_seconds)
        self._version = version

    def present(self) -> dict[str, Any]:
        """Return the version that a new index records."""
        return {"schema": self._version}

    def usable(self, index: Path) -> bool:
        """Return whether that index holds vectors of this model."""
        return self.recorded(index) == self.present()

    @contextlib.contextmanager
    def growing(self) -> Iterator[None]:
        """Hold the lock of graph building; raise EngineBusy at once where it is taken."""
        with self._lock("graph.lock", 0, "the graphs are growing already"):
            yield
