"""The interface of a vector index; `tests/search/test_meaning_contract.py` holds both to it.

It knows ids, vectors and the tokens of who may read; it is made anew from the database at any time.
Similarity is the cosine of two vectors: 1 for the same words, about 0 for no relation.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from search.contract import EngineState

SIZE: Final = 512  # signed bytes of one vector
MOST_VECTORS: Final = 4  # of one letter
MOST_NEAR: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One letter: its vectors (each 512 signed bytes, at most 4) and who may read it.

    `version` grows with every change of the letter, as in `search.contract`.
    """

    id: str
    version: int
    vectors: tuple[bytes, ...]
    reader_tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.vectors) > MOST_VECTORS or any(len(one) != SIZE for one in self.vectors):
            raise ValueError(f"a letter has at most {MOST_VECTORS} vectors of {SIZE} bytes")


@dataclass(frozen=True, slots=True)
class Near:
    """A letter near the query; `position` is that of its vector which is nearest."""

    id: str
    likeness: float
    position: int


class MeaningBuild(Protocol):
    """The new index during a rebuild; it is not searched yet."""

    def put(self, letters: Iterable[Meaning]) -> int:
        """Add letters; return how many were new to it."""


class MeaningEngine(Protocol):
    """A vector index; methods raise EngineUnavailable or EngineBusy when it cannot answer."""

    def state(self) -> EngineState:
        """Return whether there is an index, and whether it is of this program's model and form."""

    def put(self, letters: Iterable[Meaning]) -> int:
        """Add or replace letters; return how many were written, durably.

        One older than what is known (also of removed ones) is left out.
        """

    def remove(self, ids: Iterable[str]) -> None:
        """Remove letters; the version last seen stays known, and does not come back."""

    def nearest(
        self,
        vectors: Sequence[bytes],
        *,
        reader_tokens: Collection[str],
        limit: int,
        floor: float,
    ) -> list[Near]:
        """Return the letters nearest to any of the vectors, best first, each once.

        None below `floor`; only what one of these tokens opens.
        """

    def rebuild(self) -> AbstractContextManager[MeaningBuild]:
        """Fill a new index beside the old one, which answers until the block ends without an error.

        Letters put meanwhile are in both.
        """

    def settle(self) -> None:
        """Wait until everything put before is found."""


def check_question(vectors: Sequence[bytes], limit: int) -> None:
    """Raise ValueError for a query that no index can answer."""
    if not 1 <= limit <= MOST_NEAR:
        raise ValueError(f"limit must be 1 to {MOST_NEAR}")
    if not vectors or any(len(one) != SIZE for one in vectors):
        raise ValueError(f"ask with vectors of {SIZE} bytes")


def best_of(found: Iterable[Near], limit: int) -> list[Near]:
    """Return each letter once, by its nearest vector; best first, then by id."""
    best: dict[str, Near] = {}
    for one in found:
        if one.id not in best or one.likeness > best[one.id].likeness:
            best[one.id] = one
    return sorted(best.values(), key=lambda one: (-one.likeness, one.id))[:limit]
