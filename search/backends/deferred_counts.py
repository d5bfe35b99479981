"""Counts computed in a thread: waited for when they are read."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from typing import NamedTuple


class Counted(NamedTuple):
    """How many documents answer a query, and of each counted field how many have each value."""

    total: int
    values: Mapping[str, Mapping[str, int]]


class DeferredCounts(Mapping[str, Mapping[str, int]]):
    """Facet → value → count, computed in a thread; reading raises what the counting raised."""

    def __init__(self, coming: Future[Counted]) -> None:
        self._coming = coming

    def total(self) -> int:
        """Wait for how many letters there are."""
        return self._coming.result().total

    def __getitem__(self, facet: str) -> Mapping[str, int]:
        return self._coming.result().values[facet]

    def __iter__(self) -> Iterator[str]:
        return iter(self._coming.result().values)

    def __len__(self) -> int:
        return len(self._coming.result().values)
