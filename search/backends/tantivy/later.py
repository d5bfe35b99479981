"""Counts computed in the background: waited for when they are read."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future

from search.backends.tantivy.rows import plainly

Counts = Mapping[str, Mapping[str, int]]


class Later(Mapping[str, Mapping[str, int]]):
    """Facet → value → count, computed in a thread.

    Reading raises what the counting met, as the engine raises it.
    """

    def __init__(self, coming: Future[Counts]) -> None:
        self._coming = coming

    def _counts(self) -> Counts:
        with plainly():
            return self._coming.result()

    def __getitem__(self, facet: str) -> Mapping[str, int]:
        return self._counts()[facet]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts())

    def __len__(self) -> int:
        return len(self._counts())
