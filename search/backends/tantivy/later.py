"""Counts computed in the background: waited for when they are read."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future

from search.backends.tantivy.rows import Counted, plainly


class Later(Mapping[str, Mapping[str, int]]):
    """Facet → value → count, computed in a thread.

    Reading raises what the counting met, as the engine raises it.
    """

    def __init__(self, coming: Future[Counted]) -> None:
        self._coming = coming

    def counted(self) -> Counted:
        """Wait for the counts."""
        with plainly():
            return self._coming.result()

    def total(self) -> int:
        """Wait for how many letters there are."""
        return self.counted().total

    def __getitem__(self, facet: str) -> Mapping[str, int]:
        return self.counted().values[facet]

    def __iter__(self) -> Iterator[str]:
        return iter(self.counted().values)

    def __len__(self) -> int:
        return len(self.counted().values)
