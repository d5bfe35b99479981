"""The folders of the embedded index of meanings: those of Tantivy's store, with other versions."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from search.backends.tantivy.store import TantivyStore


class MeaningStore(TantivyStore):
    """The folders, with the version of their vectors, and a lock more."""

    def __init__(self, folder: Path, *, version: int, wait_seconds: float) -> None:
        super().__init__(folder, wait_seconds=wait_seconds)
        self._version = version

    def present(self) -> dict[str, Any]:
        """What a new index says of its version."""
        return {"schema": self._version}

    def usable(self, index: Path) -> bool:
        """Whether that index holds vectors of this model."""
        return self.said(index) == self.present()

    @contextlib.contextmanager
    def growing(self) -> Iterator[None]:
        """Be the only one that makes graphs; raises EngineBusy at once where one does."""
        with self._lock("graph.lock", 0, "the graphs are growing already"):
            yield
